/// A module that the picture does not show.
@NullMarked
package dev.thistle.e2e.planted.cellar;

import org.jspecify.annotations.NullMarked;
