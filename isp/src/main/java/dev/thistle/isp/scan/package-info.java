/// What an ISP would have seen: all detectors over a capture file.
///
/// Start with [Scan]; it answers a [ScanReport]. Pure but for the file that it reads; one scan
/// belongs to one thread.
@NullMarked
package dev.thistle.isp.scan;

import org.jspecify.annotations.NullMarked;
