package io.pekkoraft.demo;

import io.pekkoraft.cli.Main;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The demo in a process of its own, as its users run it. */
final class DemoProcess implements AutoCloseable {
  /** Options for who does not measure time-outs: a pause of the machine is nothing else, then. */
  static final String[] UNHURRIED = {
    "-Dpekko-raft.election-timeout.min=1s",
    "-Dpekko-raft.election-timeout.max=2s",
    "-Dpekko-raft.leadership.disk-timeout=10s",
    "-Dpekko-raft.client.timeout=15s"
  };

  private static final int PATIENCE_SECONDS = 120;
  private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:(\\d+)/kv/greeting");

  private final Process process;

  /** Guarded by itself; whoever waits for a line waits on it. */
  private final List<String> lines = new ArrayList<>();

  private boolean ended;
  private final Thread reader;

  private DemoProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "demo-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * @param port 0 for any
   * @param options of the virtual machine
   */
  static DemoProcess start(Path data, int port, String... options) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dpekko-raft.rocksdb.dir=" + data);
    command.add("-Dpekko-raft.demo.port=" + port);
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", classPath(), Main.class.getName()));
    return run(command);
  }

  /** From the artifact, in which all is that it needs. */
  static DemoProcess ofJar(Path jar, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-jar", jar.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** One node of several. */
  static DemoProcess ofNode(List<String> options, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", classPath(), Main.class.getName(), "node"));
    command.addAll(arguments);
    return run(command);
  }

  private static DemoProcess run(List<String> command) {
    try {
      return new DemoProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** That of this test, but with the demo's own settings and log. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(element -> !element.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void read() {
    try (var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (var line = output.readLine(); line != null; line = output.readLine()) {
        heard(line);
      }
    } catch (IOException killed) {
      heard("(" + killed.getMessage() + ")");
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void heard(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** Waits until it says that it listens. */
  HttpEdge http() {
    return new HttpEdge(Integer.parseInt(awaitLine(URL).group(1)));
  }

  /** Waits for a line in which {@code pattern} is found. */
  Matcher awaitLine(Pattern pattern) {
    var deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (lines) {
      for (var next = 0; ; next++) {
        while (next == lines.size()) {
          var left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (ended || left <= 0) {
            throw new IllegalStateException("No line with " + pattern + " in " + lines);
          }
          waitFor(left);
        }
        var matcher = pattern.matcher(lines.get(next));
        if (matcher.find()) {
          return matcher;
        }
      }
    }
  }

  private void waitFor(long millis) {
    try {
      lines.wait(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@code kill -9} does. */
  void killHard() {
    process.destroyForcibly();
    exitCode();
  }

  /** As {@code kill -STOP} and {@code kill -CONT} do. */
  void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As Ctrl-C does. */
  void terminate() {
    process.destroy();
  }

  /** Waits until it has ended. */
  int exitCode() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The demo does not end: " + lines());
      }
      reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What it wrote, to its output and its error output. */
  List<String> lines() {
    synchronized (lines) {
      return List.copyOf(lines);
    }
  }

  @Override
  public void close() {
    killHard();
  }
}
