package dev.thistle.e2e.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Who may see whom.
///
/// ```
///   checks     e2e  bench              see everything; nobody sees them
///   program          cli               the only one that knows picocli
///   products   daemon       lab        daemon: engine isp; lab: engine tracker isp
///   parts      engine  tracker  isp    no arrows among these
///   ground     protocol     net        no arrow between these; protocol is pure
/// ```
///
/// Rules hold for a module that does not exist yet as well: they have nothing to judge then.
public final class ModulePicture {

    private static final Set<String> GROUND = Set.of("protocol", "net");
    private static final Set<String> PARTS = Set.of("engine", "tracker", "isp");

    private static final Map<String, Set<String>> SEES = new LinkedHashMap<>();

    static {
        SEES.put("protocol", Set.of());
        SEES.put("net", Set.of());
        PARTS.forEach(part -> SEES.put(part, GROUND));
        SEES.put("daemon", Set.of("protocol", "net", "engine", "isp"));
        SEES.put("lab", Set.of("protocol", "net", "engine", "tracker", "isp"));
        SEES.put("cli", Set.of("protocol", "net", "engine", "tracker", "isp", "daemon", "lab"));
        for (String check : List.of("bench", "e2e")) {
            Set<String> all =
                    Set.of("protocol", "net", "engine", "tracker", "isp", "daemon", "lab", "cli");
            SEES.put(check, all);
        }
    }

    private final String root;

    /// @param root the package all modules stand under
    public ModulePicture(String root) {
        this.root = root;
    }

    /// The package of a module and all below it, as ArchUnit writes it.
    private String inside(String module) {
        return root + "." + module + "..";
    }

    /// Every class belongs to a module of the picture.
    public ArchRule known() {
        return classes()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .resideInAnyPackage(SEES.keySet().stream().map(this::inside).toArray(String[]::new))
                .as("every class belongs to a module of the picture")
                .allowEmptyShould(true);
    }

    /// One rule a module: what it must not see.
    public List<ArchRule> arrows() {
        var rules = new ArrayList<ArchRule>();
        SEES.forEach((module, seen) -> {
            String[] others =
                    SEES.keySet().stream()
                            .filter(other -> !other.equals(module) && !seen.contains(other))
                            .map(this::inside)
                            .toArray(String[]::new);
            rules.add(
                    noClasses()
                            .that()
                            .resideInAPackage(inside(module))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(others)
                            .as(module + " sees nothing but " + seen)
                            .allowEmptyShould(true));
        });
        return List.copyOf(rules);
    }

    /// No package reaches itself through others, across all modules.
    public ArchRule acyclic() {
        return slices().matching(root + ".(**)")
                .should()
                .beFreeOfCycles()
                .as("packages have no cycles")
                .allowEmptyShould(true);
    }

    /// `protocol` is a pure function of bytes and time.
    public List<ArchRule> purity() {
        return List.of(
                noClasses()
                        .that()
                        .resideInAPackage(inside("protocol"))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "java.net..",
                                "java.nio.channels..",
                                "java.util.concurrent..",
                                "java.util.logging..",
                                "org.slf4j..")
                        .orShould()
                        .dependOnClassesThat(named(System.Logger.class, Thread.class))
                        .as("protocol has no sockets, threads or logging")
                        .allowEmptyShould(true),
                noClasses()
                        .that()
                        .resideInAPackage(inside("protocol"))
                        .should()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .dependOnClassesThat(named(Clock.class))
                        .as("protocol reads no clock: time is an argument")
                        .allowEmptyShould(true),
                noClasses()
                        .that()
                        .resideInAPackage(inside("protocol"))
                        .should()
                        .callConstructorWhere(makesRandomness())
                        .orShould()
                        .accessTargetWhere(asksForRandomness())
                        .as("protocol draws no randomness of its own: it is an argument")
                        .allowEmptyShould(true));
    }

    /// The command line's library stays at the command line.
    public ArchRule picocli() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .and()
                .resideOutsideOfPackage(inside("cli"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .as("only cli sees picocli")
                .allowEmptyShould(true);
    }

    /// Names say what a class does or knows, not of what kind it is.
    public ArchRule names() {
        return noClasses()
                .that()
                .resideInAPackage(root + "..")
                .should()
                .haveNameMatching(
                        ".*[.$](\\w*(Manager|Utils?|Helper|Impl|Service)"
                                + "|(Abstract|Default|Base)[A-Z]\\w*)")
                .as("classes are named by purpose, not by kind")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> named(Class<?>... types) {
        return DescribedPredicate.describe(
                "are one of these",
                found -> List.of(types).stream().anyMatch(type -> found.isEquivalentTo(type)));
    }

    private static DescribedPredicate<JavaConstructorCall> makesRandomness() {
        return DescribedPredicate.describe(
                "makes a source of randomness",
                call ->
                        call.getTargetOwner().isEquivalentTo(Random.class)
                                || call.getTargetOwner().isEquivalentTo(SecureRandom.class)
                                || call.getTargetOwner().isEquivalentTo(SplittableRandom.class));
    }

    private static DescribedPredicate<JavaAccess<?>> asksForRandomness() {
        return DescribedPredicate.describe(
                "asks the platform for randomness",
                access -> {
                    String name = access.getTarget().getName();
                    return access.getTargetOwner().isEquivalentTo(RandomGenerator.class)
                            ? name.equals("of") || name.equals("getDefault")
                            : access.getTargetOwner().isEquivalentTo(Math.class)
                                    && name.equals("random");
                });
    }
}
