package io.pekkoraft;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The house: which room may use which. docs/architecture.md tells why. */
class HouseTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("io.pekkoraft");

  private static final String[] PURE = {
    "io.pekkoraft.log",
    "io.pekkoraft.election",
    "io.pekkoraft.membership",
    "io.pekkoraft.replication",
    "io.pekkoraft.read",
    "io.pekkoraft.explain",
    "io.pekkoraft.session",
    "io.pekkoraft.snapshot",
    "io.pekkoraft.apply"
  };

  private static final DescribedPredicate<JavaClass> FRONT_DOOR_TYPES =
      resideInAnyPackage("io.pekkoraft")
          .and(not(type(Raft.class)))
          .and(not(type(RaftGroup.class)))
          .and(not(type(RaftClient.class)))
          .and(not(type(Directory.class)))
          .and(not(type(RaftTap.class)))
          .and(not(type(Isolation.class)))
          .and(not(type(LeaderSearch.class)))
          .and(not(type(MetricsExtension.class)))
          .as("the public types of the front door");

  static final ArchRule MODEL_USES_THE_JDK_ONLY =
      classes()
          .that()
          .resideInAPackage("io.pekkoraft.model")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "io.pekkoraft.model");

  static final ArchRule RULES_ARE_PURE =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.pekko..",
              "scala..",
              "org.slf4j..",
              "java.io..",
              "java.nio.file..",
              "java.util.concurrent..")
          .because("rules are tested alone: no actors, no logger, no I/O, no threads");

  static final ArchRule RULES_USE_RULES =
      classes()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "io.pekkoraft.model",
                      "io.pekkoraft.log",
                      "io.pekkoraft.election",
                      "io.pekkoraft.membership",
                      "io.pekkoraft.replication",
                      "io.pekkoraft.read",
                      "io.pekkoraft.explain",
                      "io.pekkoraft.session",
                      "io.pekkoraft.snapshot",
                      "io.pekkoraft.apply")
                  .or(FRONT_DOOR_TYPES));

  static final ArchRule ROOMS_FORM_NO_CYCLE =
      slices().matching("io.pekkoraft.(*)..").should().beFreeOfCycles();

  static final ArchRule ROOMS_USE_ONLY_THE_TYPES_OF_THE_FRONT_DOOR =
      noClasses()
          .that()
          .resideInAPackage("io.pekkoraft.*..")
          .and()
          .resideOutsideOfPackages(
              "io.pekkoraft.http..",
              "io.pekkoraft.dashboard..",
              "io.pekkoraft.demo..",
              "io.pekkoraft.sharding..",
              "io.pekkoraft.cli..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("io.pekkoraft").and(not(FRONT_DOOR_TYPES)));

  static final ArchRule ONLY_THE_FRONT_DOOR_MAKES_PEERS =
      classes()
          .that()
          .resideInAPackage("io.pekkoraft.role")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.pekkoraft", "io.pekkoraft.role");

  static final ArchRule ONLY_TRANSITIONS_MAKES_ROLES =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("io.pekkoraft.role.Transitions")
          .should()
          .callConstructorWhere(
              DescribedPredicate.describe(
                  "a role is made",
                  call ->
                      call.getTargetOwner().isAssignableTo("io.pekkoraft.role.Role")
                          && !callsItsSuperclass(call)));

  private static boolean callsItsSuperclass(JavaConstructorCall call) {
    return call.getOrigin().isConstructor()
        && call.getOriginOwner().getRawSuperclass().stream()
            .anyMatch(parent -> parent.equals(call.getTargetOwner()));
  }

  static final ArchRule PERSISTENCE_STAYS_IN_ITS_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.pekkoraft", "io.pekkoraft.storage", "io.pekkoraft.journal")
          .and()
          .doNotHaveFullyQualifiedName("io.pekkoraft.demo.PlainTicketOffice")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko.persistence..")
          .because("the plain ticket office is what the demo compares the library with");

  static final ArchRule THE_JOURNAL_KNOWS_NOTHING_OF_RAFT =
      noClasses()
          .that()
          .resideInAPackage("io.pekkoraft.journal")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.pekkoraft..")
                  .and(not(resideInAnyPackage("io.pekkoraft.journal"))));

  static final ArchRule ROCKSDB_STAYS_IN_THE_JOURNAL =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pekkoraft.journal")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rocksdb..");

  static final ArchRule THE_DATABASE_STAYS_IN_THE_DEMO =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pekkoraft.demo")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.h2..", "java.sql..")
          .because("it is an optional dependency, and what the library does without");

  static final ArchRule MICROMETER_STAYS_IN_ITS_ROOM =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.pekkoraft.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.micrometer..")
          .because("it is an optional dependency");

  static final ArchRule SNAPSHOT_FILES_ARE_MADE_AT_THE_FRONT_DOOR =
      classes()
          .that()
          .haveFullyQualifiedName("io.pekkoraft.snapshot.file.FileSnapshotStore")
          .should()
          .onlyBeAccessed()
          .byAnyPackage("io.pekkoraft", "io.pekkoraft.snapshot.file")
          .because("everybody else knows the seam, which the simulator replaces");

  static final ArchRule FILES_STAY_IN_THEIR_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.pekkoraft",
              "io.pekkoraft.journal",
              "io.pekkoraft.snapshot.file",
              "io.pekkoraft.tls",
              "io.pekkoraft.sharding.placement",
              "io.pekkoraft.http..",
              "io.pekkoraft.demo..",
              "io.pekkoraft.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.nio.file..", "java.nio.channels..");

  static final ArchRule THE_CLUSTER_STAYS_WHERE_PEERS_ARE_PLACED =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.pekkoraft.sharding.placement",
              "io.pekkoraft.sharding.joining",
              "io.pekkoraft.demo..",
              "io.pekkoraft.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko.cluster..")
          .because("who is a member of the cluster decides nothing that a peer promises");

  static final ArchRule NOBODY_DEPENDS_ON_THE_EDGE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.pekkoraft.http..",
              "io.pekkoraft.dashboard..",
              "io.pekkoraft.demo..",
              "io.pekkoraft.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.pekkoraft.http..",
              "io.pekkoraft.dashboard..",
              "io.pekkoraft.demo..",
              "org.apache.pekko.http..");

  static final ArchRule A_PEER_IS_DETERMINISTIC =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.pekkoraft",
              "io.pekkoraft.journal",
              "io.pekkoraft.node",
              "io.pekkoraft.tls",
              "io.pekkoraft.metrics",
              "io.pekkoraft.health",
              "io.pekkoraft.sharding..",
              "io.pekkoraft.http..",
              "io.pekkoraft.dashboard..",
              "io.pekkoraft.demo..",
              "io.pekkoraft.cli..")
          .should(
              com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat(
                  are(
                      resideInAnyPackage("java.util.concurrent..")
                          .or(resideInAPackage("java.time..").and(not(type(Duration.class))))
                          .or(type(java.util.UUID.class))
                          .or(type(java.util.Random.class))
                          .or(type(java.util.SplittableRandom.class))
                          .or(type(java.util.HashMap.class))
                          .or(type(java.util.HashSet.class))
                          .or(type(Thread.class)))))
          .because("the same seed must replay the same run: see docs/decisions.md");

  static final ArchRule NO_WALL_CLOCK_AND_NO_RANDOMNESS_OF_ITS_OWN =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.pekkoraft",
              "io.pekkoraft.journal",
              "io.pekkoraft.node",
              "io.pekkoraft.tls",
              "io.pekkoraft.metrics",
              "io.pekkoraft.health",
              "io.pekkoraft.sharding..",
              "io.pekkoraft.http..",
              "io.pekkoraft.dashboard..",
              "io.pekkoraft.demo..",
              "io.pekkoraft.cli..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Math.class, "random");

  static final ArchRule NO_GETTERS =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .resideInAPackage("io.pekkoraft..")
          .and()
          .areDeclaredInClassesThat()
          .areNotAssignableTo(picocli.CommandLine.IVersionProvider.class)
          .should()
          .haveNameNotMatching("get[A-Z].*")
          .because("a value is called by its name: term(), not getTerm()");

  /** Each rule of this class is a test, named after its constant. */
  @TestFactory
  Stream<DynamicTest> rules() {
    return Arrays.stream(HouseTest.class.getDeclaredFields())
        .filter(field -> ArchRule.class.isAssignableFrom(field.getType()))
        .map(
            field -> dynamicTest(field.getName(), () -> ((ArchRule) field.get(null)).check(HOUSE)));
  }

  @Test
  @DisplayName("the rules are looked at, and see the house")
  void notEmpty() {
    assertThat(rules()).hasSizeGreaterThan(8);
    assertThat(HOUSE.contain(Raft.class)).isTrue();
  }
}
