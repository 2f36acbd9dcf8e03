package io.pekkoraft.demo;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** What the demo says when it is ready. */
final class Banner {
  private Banner() {}

  static String of(String scheme, InetSocketAddress address, Path data) {
    return """

    Pekko Raft demo: the peers p1, p2 and p3 replicate a key-value store.
    Their journals are in %2$s; Ctrl-C ends the demo and leaves them there.

      %1$s/              the dashboard, in a browser
      %1$s/kv/{key}      PUT, GET, DELETE; with If-Match, If-None-Match, Idempotency-Key
      %1$s/raft/status   the leader's status; ?peer=p2 for one of the others
      %1$s/raft/explain  why a peer makes no progress
      %1$s/raft/members  who belongs to the group; POST changes it
      %1$s/raft/transfer POST: the leader hands its office over
      %1$s/demo/peers/p1/restart POST: a peer stops and comes back; also /stop, /start,
                                 /isolate, /heal

    Try it:

      curl -i -X PUT --data-binary 'hello' %1$s/kv/greeting
      curl -i %1$s/kv/greeting
    """
        .formatted(url(scheme, address), data);
  }

  private static String url(String scheme, InetSocketAddress address) {
    var host = address.getAddress().getHostAddress();
    var literal = address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host;
    return scheme + "://" + literal + ":" + address.getPort();
  }
}
