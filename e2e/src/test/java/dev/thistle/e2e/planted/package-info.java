/// Offenders against the rules of the house: each must be reported by the rule it breaks.
@NullMarked
package dev.thistle.e2e.planted;

import org.jspecify.annotations.NullMarked;
