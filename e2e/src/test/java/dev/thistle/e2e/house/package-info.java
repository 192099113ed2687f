/// The rules of the house, as checks that say what breaks them.
///
/// [ModulePicture] is who may see whom, judged from class files; [Tidiness] judges the sources.
/// Both take what they judge as an argument, so each rule is tried on planted offenders.
@NullMarked
package dev.thistle.e2e.house;

import org.jspecify.annotations.NullMarked;
