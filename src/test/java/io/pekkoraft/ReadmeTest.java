package io.pekkoraft;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java is compiled as it stands there, and its first example does what it says. */
class ReadmeTest {
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @TempDir Path classes;

  private static List<String> examples() throws Exception {
    var examples = new ArrayList<String>();
    var matcher = JAVA.matcher(Files.readString(Path.of("README.md")));
    while (matcher.find()) {
      examples.add(matcher.group(1));
    }
    return examples;
  }

  private void compile(String source) {
    var file =
        new SimpleJavaFileObject(URI.create("string:///Readme.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    var messages = new StringWriter();
    var compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                messages,
                null,
                null,
                List.of("-d", classes.toString(), "--release", "17"),
                null,
                Set.of(file))
            .call();
    assertThat(compiled).as("%s%n%s", messages, source).isTrue();
  }

  @Test
  @DisplayName("the Java in it compiles and runs")
  void compilesAndRuns() throws Exception {
    var examples = examples();
    assertThat(examples).hasSize(8);
    var split = examples.get(0).indexOf("var counter");
    var entity = examples.get(5);
    var shows = entity.indexOf("var shows");
    compile(
        """
        import io.pekkoraft.*;
        import io.pekkoraft.membership.Change;
        import io.pekkoraft.model.PeerId;
        import io.pekkoraft.protocol.ClientMessage;
        import io.pekkoraft.sharding.*;
        import io.pekkoraft.testkit.Request;
        import io.pekkoraft.testkit.Simulation;
        import java.time.Duration;
        import java.util.*;
        import java.util.concurrent.*;
        import java.util.function.BiFunction;
        import org.apache.pekko.actor.typed.*;
        import org.apache.pekko.actor.typed.eventstream.EventStream;
        import org.apache.pekko.actor.typed.javadsl.*;
        import org.apache.pekko.pattern.StatusReply;

        public class Readme {
          public static %s

          public static CompletionStage<Long> group(ActorSystem<?> system) throws Exception {
            %s
            counter.propose(new Add(8)).toCompletableFuture().get(20, TimeUnit.SECONDS);
            return counter.read(new Add(0));
          }

          public static CompletionStage<?> client(ActorSystem<?> system) {
            %s
            return client.close();
          }

          public %s

          public static CompletionStage<String> entity(ActorSystem<?> system) {
            %s
            return sold;
          }

          static void peer(ActorContext<Void> context, SortedSet<PeerId> peers) {
            %s
          }

          static void ask(ActorContext<String> context, ActorRef<ClientMessage> peer) {
            %s
          }

          public static void simulate() {
            %s
          }

          static void events(ActorSystem<?> system, ActorRef<RaftEvent> subscriber) {
            %s
          }

          static void members(RaftGroup<Add, Long> counter) {
            %s
          }
        }
        """
            .formatted(
                examples
                    .get(0)
                    .substring(0, split)
                    .replace("class Counter", "static class Counter"),
                examples.get(0).substring(split),
                examples.get(1),
                entity
                    .substring(0, shows)
                    .replace("record ", "public record ")
                    .replace("class Seats", "static class Seats")
                    .replaceFirst("public record", "record"),
                entity.substring(shows),
                examples.get(2),
                examples.get(3),
                examples.get(7),
                examples.get(4),
                examples.get(6)));

    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      // The actor system deserializes with the class loader that it was born under.
      Thread.currentThread().setContextClassLoader(loader);
      var kit = ActorTestKit.create(ConfigFactory.load("unhurried.conf"));
      var sum =
          (CompletionStage<?>)
              loader
                  .loadClass("Readme")
                  .getMethod("group", ActorSystem.class)
                  .invoke(null, kit.system());
      assertThat(sum.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(50L);
      var client = loader.loadClass("Readme").getMethod("client", ActorSystem.class);
      var closed = (CompletionStage<?>) client.invoke(null, kit.system());
      assertThat(closed.toCompletableFuture().get(20, TimeUnit.SECONDS)).isNotNull();
      var entitySold =
          (CompletionStage<?>)
              loader
                  .loadClass("Readme")
                  .getMethod("entity", ActorSystem.class)
                  .invoke(null, kit.system());
      assertThat(entitySold.toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo("A1");
      var simulate = loader.loadClass("Readme").getMethod("simulate");
      simulate.invoke(null);
      kit.shutdownTestKit();
    } finally {
      Thread.currentThread().setContextClassLoader(ReadmeTest.class.getClassLoader());
    }
  }
}
