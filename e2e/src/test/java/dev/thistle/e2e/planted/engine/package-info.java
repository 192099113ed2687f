/// Offenders against the arrows between modules.
@NullMarked
package dev.thistle.e2e.planted.engine;

import org.jspecify.annotations.NullMarked;
