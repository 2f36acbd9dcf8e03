package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.ConfigFactory;
import io.pekkoraft.model.PeerId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogContextTest {
  /** The context of a line is that of its thread, and has to be looked at there. */
  private static final class Captured extends ListAppender<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent line) {
      line.prepareForDeferredProcessing();
      super.append(line);
    }
  }

  @Test
  @DisplayName(
      "each line that a peer logs has its group, its name, its role and its term in its MDC")
  void context() throws Exception {
    var lines = new Captured();
    lines.start();
    var logger = (Logger) LoggerFactory.getLogger("io.pekkoraft");
    var level = logger.getLevel();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(lines);
    var kit = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));
    try {
      var group = RaftGroup.spawn(kit.system(), "logged", PeerId.setOf("p1"), Adding::new);
      group.propose(1L).toCompletableFuture().get(20, TimeUnit.SECONDS);
    } finally {
      kit.shutdownTestKit();
      logger.detachAppender(lines);
      logger.setAdditive(true);
      logger.setLevel(level);
    }
    var said =
        List.copyOf(lines.list).stream()
            .filter(line -> line.getFormattedMessage().startsWith("logged/p1 "))
            .toList();
    assertThat(said).isNotEmpty();
    assertThat(said)
        .allMatch(line -> "logged".equals(line.getMDCPropertyMap().get("group")))
        .allMatch(line -> "p1".equals(line.getMDCPropertyMap().get("peer")));
    var elected =
        said.stream().filter(line -> line.getFormattedMessage().contains(" is LEADER")).findFirst();
    assertThat(elected.orElseThrow().getMDCPropertyMap())
        .containsEntry("role", "LEADER")
        .containsEntry("term", "1");
  }
}
