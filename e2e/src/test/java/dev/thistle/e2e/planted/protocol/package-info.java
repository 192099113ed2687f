/// Offenders against purity: each fetches what should be an argument.
@NullMarked
package dev.thistle.e2e.planted.protocol;

import org.jspecify.annotations.NullMarked;
