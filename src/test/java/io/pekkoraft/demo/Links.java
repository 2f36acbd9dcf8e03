package io.pekkoraft.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What nodes say to each other, by way of a relay in front of each: links can be cut, one way or
 * both. As in a network that is parted, nothing gets through meanwhile, and what was on its way may
 * arrive long after.
 *
 * <p>A relay knows who talks by the address on the loopback network that each node talks from.
 */
final class Links implements AutoCloseable {
  private static final String SOURCES = "127.0.1.";
  private static final int CHUNK = 64 * 1024;

  private final List<String> ids;
  private final Map<String, Integer> behind = new LinkedHashMap<>();
  private final Set<AutoCloseable> open = new HashSet<>();

  /** Guarded by itself, which tells who waits that it has changed. */
  private final Set<Link> cut = new HashSet<>();

  private record Link(String from, String to) {}

  /**
   * @param ports where each node is reached by the others; it listens on another one itself
   */
  Links(Map<String, Integer> ports) {
    ids = List.copyOf(ports.keySet());
    ports.forEach(this::relay);
  }

  private void relay(String id, int port) {
    try (var free = new ServerSocket(0)) {
      behind.put(id, free.getLocalPort());
      var server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      isOpen(server);
      start(() -> accept(id, server), "relay-" + id);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of the node's process, so that it is behind its relay. */
  List<String> options(String id) {
    var artery = "-Dpekko.remote.artery.";
    return List.of(
        artery + "bind.hostname=127.0.0.1",
        artery + "bind.port=" + behind.get(id),
        artery + "advanced.tcp.outbound-client-hostname=" + SOURCES + (ids.indexOf(id) + 1));
  }

  /** From now on nothing that {@code from} says reaches {@code to}. */
  void cut(String from, String to) {
    synchronized (cut) {
      cut.add(new Link(from, to));
    }
  }

  void isolate(String id) {
    for (var other : ids) {
      cut(id, other);
      cut(other, id);
    }
  }

  void heal() {
    synchronized (cut) {
      cut.clear();
      cut.notifyAll();
    }
  }

  private void accept(String to, ServerSocket server) {
    while (!server.isClosed()) {
      try {
        var here = server.accept();
        isOpen(here);
        var source = here.getInetAddress().getHostAddress();
        var link = new Link(ids.get(Integer.parseInt(source.substring(SOURCES.length())) - 1), to);
        start(() -> pass(link, here), link.toString());
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** All that comes over one connection, which is used one way. */
  private void pass(Link link, Socket from) {
    try (from;
        var to = new Socket(InetAddress.getLoopbackAddress(), behind.get(link.to()))) {
      isOpen(to);
      start(() -> untilItEnds(to, from), link + " back");
      var chunk = new byte[CHUNK];
      var in = from.getInputStream();
      for (var size = in.read(chunk); size >= 0; size = in.read(chunk)) {
        awaitWhole(link);
        to.getOutputStream().write(chunk, 0, size);
      }
    } catch (IOException | InterruptedException broken) {
      // Both ends are closed, and the nodes begin a new connection.
    }
  }

  /** Nothing is said this way, but whoever ends is noticed. */
  private static void untilItEnds(Socket to, Socket from) {
    try (to;
        from) {
      to.getInputStream().transferTo(from.getOutputStream());
    } catch (IOException ended) {
      // As above.
    }
  }

  private void awaitWhole(Link link) throws InterruptedException {
    synchronized (cut) {
      while (cut.contains(link)) {
        cut.wait();
      }
    }
  }

  private void isOpen(AutoCloseable closeable) {
    synchronized (open) {
      open.add(closeable);
    }
  }

  private static void start(Runnable work, String name) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    heal();
    synchronized (open) {
      for (var closeable : open) {
        try {
          closeable.close();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }
}
