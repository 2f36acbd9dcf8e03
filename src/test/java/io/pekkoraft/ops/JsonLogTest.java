package io.pekkoraft.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.helpers.BasicMDCAdapter;

class JsonLogTest {
  @Test
  @DisplayName(
      "a line of the log is one JSON object, with the peer in its mdc and the trouble in whole")
  void lines() throws Exception {
    var written = new ByteArrayOutputStream();
    var before = System.out;
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try {
      var mdc = new BasicMDCAdapter();
      var context = new LoggerContext();
      context.setMDCAdapter(mdc);
      var configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure("ops/logback-json.xml");
      mdc.put("group", "kv");
      mdc.put("peer", "p1");
      mdc.put("role", "LEADER");
      mdc.put("term", "7");
      context
          .getLogger("io.pekkoraft.role.Herald")
          .warn("{} has \"quotes\"\nand lines", "kv/p1", new IllegalStateException("because"));
      context.stop(); // Writes what waits.
    } finally {
      System.setOut(before);
    }
    var lines = written.toString(StandardCharsets.UTF_8).strip().split("\n");
    assertThat(lines).hasSize(1);
    var json = new ObjectMapper().readTree(lines[0]);
    assertThat(json.get("level").textValue()).isEqualTo("WARN");
    assertThat(json.get("loggerName").textValue()).isEqualTo("io.pekkoraft.role.Herald");
    assertThat(json.get("formattedMessage").textValue())
        .isEqualTo("kv/p1 has \"quotes\"\nand lines");
    assertThat(json.get("timestamp").isNumber()).isTrue();
    assertThat(json.get("mdc"))
        .isEqualTo(
            new ObjectMapper()
                .valueToTree(Map.of("group", "kv", "peer", "p1", "role", "LEADER", "term", "7")));
    assertThat(json.get("throwable").toString()).contains("because");
  }
}
