/// What a torrent remembers from run to run, so that nothing is downloaded or hashed twice.
///
/// Start with [ResumeData] (what is remembered), then [ResumeCodec] (its bytes; the format is told
/// in docs/resume.md), [ResumeFile] (replaces it as a whole) and [Findings] (what of it can still
/// be believed). Pure but for [ResumeFile] and [Boot]. The torrent's thread drives it. Depends on
/// `settings`, `storage` and `protocol`.
@NullMarked
package dev.thistle.engine.resume;

import org.jspecify.annotations.NullMarked;
