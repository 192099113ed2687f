/// Capture files: pcap and pcapng in, pcapng out.
///
/// Start with [CaptureReader], which streams a file of either kind and gives [Captured] packets of
/// IP, whatever link they came over. Nothing in a file is believed: every length is bounded before
/// anything is allocated, and a broken file ends in one [CaptureException] that names the byte.
/// [CaptureWriter] writes what Wireshark and tcpdump read.
@NullMarked
package dev.thistle.isp.capture;

import org.jspecify.annotations.NullMarked;
