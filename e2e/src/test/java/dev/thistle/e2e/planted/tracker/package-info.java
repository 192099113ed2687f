/// What an offender sees.
@NullMarked
package dev.thistle.e2e.planted.tracker;

import org.jspecify.annotations.NullMarked;
