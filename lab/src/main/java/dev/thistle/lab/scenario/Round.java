package dev.thistle.lab.scenario;

/// One client against one ISP.
///
/// @param id such as `r1-pattern`
/// @param claim what the article says about it, one line
public record Round(
        String id, String claim, ClientPlan client, IspPlan isp, Expectation expected) {}
