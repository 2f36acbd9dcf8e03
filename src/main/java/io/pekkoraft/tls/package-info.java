/**
 * Who may talk to a node: certificates of one authority, for HTTP and between nodes. A node's
 * certificate carries the name of its cluster, and a client's does not, so that a client talks HTTP
 * and is no node. {@code tools/make-certificates} makes them.
 *
 * <pre>
 *   certificate, private-key, authority (PEM) ─┬─▶ TlsContexts ──▶ https://, a client certificate required
 *                                              └─▶ ArteryTls ───▶ Artery's transport tls-tcp
 * </pre>
 *
 * <p>May use: the JDK, Typesafe Config, and Pekko's PEM reader. Whoever opens a socket comes here.
 */
package io.pekkoraft.tls;
