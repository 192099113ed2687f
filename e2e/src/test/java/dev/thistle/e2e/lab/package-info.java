/// What tests of `thistle lab run` are made with: the program as a script starts it ([LabProgram]),
/// what it must not leave behind ([Traces]), and its files read back ([LabResults],
/// [CapturedTalk]).
@NullMarked
package dev.thistle.e2e.lab;

import org.jspecify.annotations.NullMarked;
