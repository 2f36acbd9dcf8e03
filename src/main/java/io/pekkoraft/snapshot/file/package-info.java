/**
 * Snapshots as files, and as streams for who writes or reads a state. One directory a peer; a file
 * never changes once it has its final name, and gets that only when it is whole and synced.
 *
 * <pre>
 *   write ────▶ 42@3.part ─────────────┐ header last, fsync, close
 *                                      ├──▶ rename ──▶ fsync of the directory ──▶ 42@3#crc.snapshot
 *   receive ──▶ 42@3#crc.receiving ────┘
 *
 *   after a crash:  .part       deleted: the state that it came from is gone
 *                   .receiving  kept as far as its blocks are sound, and continued there
 * </pre>
 *
 * <p>May use: {@code model}, {@code snapshot}, files.
 */
package io.pekkoraft.snapshot.file;
