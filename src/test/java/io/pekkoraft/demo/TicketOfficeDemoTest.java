package io.pekkoraft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.pekkoraft.demo.TicketOffice.Reserve;
import io.pekkoraft.demo.TicketOffice.Reserved;
import io.pekkoraft.demo.TicketOffice.Show;
import io.pekkoraft.demo.TicketOffice.View;
import io.pekkoraft.sharding.RaftSharding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketOfficeDemoTest {
  private static ActorSystem<Void> start(Path data) throws CannotStart {
    return TicketOfficeDemo.start(
        ConfigFactory.parseMap(
                Map.of(
                    "pekko-raft.demo.port",
                    0,
                    "pekko-raft.sharding.groups",
                    2,
                    "pekko-raft.rocksdb.dir",
                    data.toString()))
            .withFallback(ConfigFactory.load()));
  }

  private static void stop(ActorSystem<Void> system) throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName("a seat that was sold is sold after a restart; a second demo on its data says so")
  void survives(@TempDir Path data) throws Exception {
    var system = start(data);
    var patience = Duration.ofSeconds(20);
    var show = RaftSharding.get(system).entityRefFor(TicketOffice.KEY, "hamlet");
    assertThat(
            show.<TicketOffice.Answer>ask(replyTo -> new Reserve("A1", "ann", replyTo), patience)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS))
        .isEqualTo(new Reserved("A1", "ann"));
    assertThatThrownBy(() -> start(data)).isInstanceOf(CannotStart.class);
    stop(system);

    var again = start(data);
    assertThat(
            RaftSharding.get(again)
                .entityRefFor(TicketOffice.KEY, "hamlet")
                .ask(View::new, patience)
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS))
        .isEqualTo(new Show(Map.of("A1", "ann")));
    stop(again);
  }
}
