/// Half of a cycle.
@NullMarked
package dev.thistle.e2e.planted.net.one;

import org.jspecify.annotations.NullMarked;
