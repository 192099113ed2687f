package dev.thistle.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import dev.thistle.e2e.house.ModulePicture;
import dev.thistle.e2e.house.Tidiness;
import dev.thistle.e2e.lan.Needs;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The picture of the modules holds, and each rule that says so bites when it is broken.
class ArchitectureTest {

    private static final Pattern PACKAGE =
            Pattern.compile("^package (dev\\.thistle\\.\\w+)", Pattern.MULTILINE);

    private static final ModulePicture PICTURE = new ModulePicture("dev.thistle");

    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .withImportOption(location -> !location.contains("jmh_generated"))
                    .importPackages("dev.thistle");

    private static final ModulePicture PLANTED_PICTURE =
            new ModulePicture("dev.thistle.e2e.planted");

    private static final JavaClasses PLANTED =
            new ClassFileImporter().importPackages("dev.thistle.e2e.planted");

    /// A module that is missing on the class path would be judged innocent.
    @Test
    void every_module_with_sources_is_looked_at() throws IOException {
        Set<String> written =
                Tidiness.sources(Needs.root()).stream()
                        .filter(source -> source.path().toString().contains("src/main/java/"))
                        .flatMap(source -> PACKAGE.matcher(source.text()).results())
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet());
        Set<String> seen =
                PRODUCT.stream()
                        .flatMap(type -> PACKAGE.matcher("package " + type.getName()).results())
                        .map(match -> match.group(1))
                        .collect(Collectors.toSet());
        assertThat(seen).isEqualTo(written).contains("dev.thistle.protocol");
    }

    @Test
    void every_class_belongs_to_a_module_of_the_picture() {
        PICTURE.known().check(PRODUCT);
    }

    @Test
    void modules_see_only_what_the_picture_shows() {
        PICTURE.arrows().forEach(rule -> rule.check(PRODUCT));
    }

    @Test
    void packages_have_no_cycles() {
        PICTURE.acyclic().check(PRODUCT);
    }

    @Test
    void protocol_is_a_pure_function_of_bytes_and_time() {
        PICTURE.purity().forEach(rule -> rule.check(PRODUCT));
    }

    @Test
    void only_cli_sees_picocli() {
        PICTURE.picocli().check(PRODUCT);
    }

    @Test
    void classes_are_named_by_purpose_and_not_by_kind() {
        PICTURE.names().check(PRODUCT);
    }

    @Test
    void a_planted_stranger_is_reported() {
        assertReported(PLANTED_PICTURE.known(), "planted.cellar.Stranger");
    }

    @Test
    void planted_arrows_are_reported() {
        ArchRule arrows = all(PLANTED_PICTURE.arrows());
        assertReported(arrows, "planted.engine.SeesTracker");
        assertReported(arrows, "planted.net.two.SeesProtocol");
    }

    @Test
    void a_planted_cycle_is_reported() {
        assertReported(PLANTED_PICTURE.acyclic(), "planted.net.one.Ping");
    }

    @ParameterizedTest
    @CsvSource({"Dials", "Locks", "Logs", "Threads", "TellsTime", "TellsDate", "Rolls", "Throws"})
    void planted_impurities_are_reported(String offender) {
        assertReported(all(PLANTED_PICTURE.purity()), "planted.protocol." + offender);
    }

    @Test
    void a_planted_parser_is_reported() {
        assertReported(PLANTED_PICTURE.picocli(), "planted.engine.Parses");
    }

    @ParameterizedTest
    @CsvSource({
        "SwarmManager",
        "HexUtil",
        "HexUtils",
        "PeerHelper",
        "PeerImpl",
        "PeerService",
        "AbstractPeer",
        "DefaultPeer",
        "BasePeer"
    })
    void planted_names_are_reported(String offender) {
        assertReported(PLANTED_PICTURE.names(), "Misnamed$" + offender);
    }

    private static ArchRule all(List<ArchRule> rules) {
        return CompositeArchRule.of(rules);
    }

    private static void assertReported(ArchRule rule, String offender) {
        assertThatThrownBy(() -> rule.check(PLANTED))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(offender);
    }
}
