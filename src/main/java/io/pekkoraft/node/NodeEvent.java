package io.pekkoraft.node;

import org.apache.pekko.actor.Address;

/** What a node notices of another one. */
public sealed interface NodeEvent {
  Address node();

  /**
   * It answers.
   *
   * @param incarnation another one after each start of the node
   */
  record Alive(Address node, long incarnation) implements NodeEvent {}

  /** It says that it is about to end: it answers what it was asked, and is asked nothing more. */
  record Left(Address node) implements NodeEvent {}

  /** It has not answered for {@code pekko-raft.node.silence}. */
  record Silent(Address node) implements NodeEvent {}
}
