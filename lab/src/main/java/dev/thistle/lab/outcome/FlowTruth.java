package dev.thistle.lab.outcome;

import dev.thistle.isp.flow.FlowKey;

/// What a flow really was, as its ends know it: a line of `truth.ndjson`.
///
/// @param application such as `bittorrent`, `announce` or `browser`
/// @param host at the end that opened it, such as `customer-1`
/// @param role of that host, such as `seeder`
public record FlowTruth(String round, FlowKey flow, String application, String host, String role) {}
