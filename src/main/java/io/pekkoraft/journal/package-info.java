/**
 * An embedded, crash-safe journal and snapshot store for Pekko Persistence, over RocksDB. It knows
 * nothing of Raft: any application can use it. The two plugins are thin; the store below them deals
 * in bytes and futures and knows no actors. One actor system has one store, in one directory.
 *
 * <p>A write is acknowledged when it is on the disk. What was acknowledged and is gone, or is not
 * what was written, is an error that names it, never a silence: holes in the sequence numbers,
 * checksums that do not fit, a write-ahead log that is damaged before its end. Only the last write
 * of all cannot be told from one that was never finished, if it is damaged later.
 *
 * <pre>
 * RocksDbJournal ──┐                  ┌── Events ────┐ changes          ┌── WriteBatch, synced
 *                  ├── StoreExtension ┤              ├─→ GroupCommit ───┤
 * RocksDbSnapshot- ┘   one per system └── Snapshots ─┘   one thread     └─→ Database (RocksDB)
 * Store                                    └──── views, on read-dispatcher ────────┘
 * </pre>
 */
package io.pekkoraft.journal;
