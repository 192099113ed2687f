package dev.thistle.lab.run;

import dev.thistle.isp.detect.ArticlePattern;
import dev.thistle.isp.detect.Detector;
import dev.thistle.isp.detect.DetectorCatalog;
import dev.thistle.lab.scenario.IspPlan;
import dev.thistle.lab.swarm.Content;
import dev.thistle.protocol.InfoHash;
import java.util.List;
import java.util.Set;

/// Makes the detectors of a plan, with what this ISP may know.
final class IspEyes {

    private final Content content;

    IspEyes(Content content) {
        this.content = content;
    }

    List<Detector> of(IspPlan plan) {
        Set<InfoHash> dictionary =
                plan.knowsInfoHash() ? Set.of(content.metainfo().infoHash()) : Set.of();
        return plan.detectors().stream()
                .map(each -> {
                    var rule = each.parameters().map(IspEyes::rule).orElse(ArticlePattern.Rule.DEFAULT);
                    var catalog = new DetectorCatalog(List.of(Cast.CUSTOMERS), dictionary, rule);
                    return catalog.make(each.id());
                })
                .toList();
    }

    private static ArticlePattern.Rule rule(IspPlan.Pattern pattern) {
        return new ArticlePattern.Rule(
                pattern.window(),
                pattern.remotes(),
                pattern.uploadBytes(),
                pattern.uploadShare(),
                pattern.life(),
                pattern.onlyUnusualPorts());
    }
}
