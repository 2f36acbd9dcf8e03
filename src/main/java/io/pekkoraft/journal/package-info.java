/**
 * An embedded, crash-safe journal and snapshot store for Pekko Persistence, over RocksDB. It knows
 * nothing of Raft: any application can use it. The two plugins are thin; the store below them deals
 * in bytes and futures and knows no actors. One actor system has one store, in one directory.
 *
 * <pre>
 * RocksDbJournal ──┐                  ┌── Events ────┐ changes          ┌── WriteBatch, synced
 *                  ├── StoreExtension ┤              ├─→ GroupCommit ───┤
 * RocksDbSnapshot- ┘   one per system └── Snapshots ─┘   one thread     └─→ Database (RocksDB)
 * Store                                    └──── views, on read-dispatcher ────────┘
 * </pre>
 */
package io.pekkoraft.journal;
