package io.pekkoraft.demo;

/** The two ways in which shows are kept, side by side. */
enum Variant {
  /** By {@link TicketOffice}: replicated entities. */
  REPLICATED("replicated"),
  /** By {@link PlainTicketOffice}: one event-sourced actor each, over a database. */
  PLAIN("plain");

  private final String word;

  Variant(String word) {
    this.word = word;
  }

  /** As it is called over HTTP. */
  String word() {
    return word;
  }
}
