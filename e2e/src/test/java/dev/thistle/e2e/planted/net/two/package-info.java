/// The other half of a cycle, and an arrow between the two grounds.
@NullMarked
package dev.thistle.e2e.planted.net.two;

import org.jspecify.annotations.NullMarked;
