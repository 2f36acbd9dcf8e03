package io.pekkoraft.ops;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.RaftEvent;
import io.pekkoraft.metrics.RaftMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents for those who run it name has to be there. */
class DocumentsTest {
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
  private static final Pattern SETTING =
      Pattern.compile("^(pekko(?:-raft)?\\.[a-z0-9.-]*[a-z0-9])(?: *=.*)?$");
  private static final Pattern METER = Pattern.compile("^pekko\\.raft\\.[a-z.]+$");
  private static final Pattern FILE =
      Pattern.compile("\\b(?:tools|ops|docs)/[A-Za-z0-9_./-]*[A-Za-z0-9]");
  private static final Set<String> METERS =
      Arrays.stream(RaftMeter.values()).map(RaftMeter::meter).collect(Collectors.toSet());

  private static String read(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  private static Stream<String> code(String text) {
    return CODE.matcher(text).results().map(found -> found.group(1));
  }

  @ParameterizedTest
  @DisplayName("every setting that is named is in a reference.conf")
  @ValueSource(strings = {"docs/operations.md", "docs/kubernetes.md"})
  void settings(String file) throws IOException {
    var config = ConfigFactory.load();
    var named =
        code(read(file))
            .map(SETTING::matcher)
            .filter(setting -> setting.matches())
            .map(setting -> setting.group(1))
            .filter(name -> !METER.matcher(name).matches())
            .toList();
    assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(config.hasPath(name)).isTrue());
  }

  @ParameterizedTest
  @DisplayName("every file that is named is there")
  @ValueSource(strings = {"docs/operations.md", "docs/kubernetes.md"})
  void files(String file) throws IOException {
    var named = FILE.matcher(read(file)).results().map(found -> found.group()).toList();
    assertThat(named).isNotEmpty().allSatisfy(name -> assertThat(Path.of(name)).exists());
  }

  @Test
  @DisplayName("the meters that docs/operations.md tells of are the meters that there are")
  void meters() throws IOException {
    var told =
        code(read("docs/operations.md"))
            .filter(name -> METER.matcher(name).matches())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(told).containsExactlyInAnyOrderElementsOf(METERS);
  }

  @Test
  @DisplayName("each kind of trouble that is counted is in docs/operations.md")
  void trouble() throws IOException {
    var text = read("docs/operations.md");
    var kinds =
        List.of(
            RaftEvent.QuorumLost.class,
            RaftEvent.TransferEnded.class,
            RaftEvent.Disowned.class,
            RaftEvent.SnapshotFailed.class,
            RaftEvent.DiskHangs.class,
            RaftEvent.ProposalsRefused.class,
            RaftEvent.PeerFailed.class);
    assertThat(RaftEvent.class.getPermittedSubclasses()).contains(kinds.toArray(Class<?>[]::new));
    assertThat(kinds).allSatisfy(kind -> assertThat(text).contains("`" + kind.getSimpleName()));
  }
}
