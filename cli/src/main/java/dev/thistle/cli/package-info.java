/// The program `thistle`: reads a command line, wires engine and tracker together, prints.
///
/// Start with [Thistle] (exit codes, the one composition root) and [ThistleCommands] (every command
/// with its options). Each command is a class named after what it does; people read [Console]'s
/// plain lines or progress bar, scripts one JSON document. No protocol and no engine logic lives
/// here. Nobody depends on this package.
@NullMarked
package dev.thistle.cli;

import org.jspecify.annotations.NullMarked;
