/**
 * The command line: {@link io.pekkoraft.cli.Main} and its subcommands, which only read what was
 * asked for, call the room that does it, and say what came of it: as a table for people, as JSON
 * for programs ({@code --json}), and as an {@link io.pekkoraft.cli.Exit exit code}.
 *
 * <pre>
 *   demo, node ▶ demo.Demo, demo.TicketOfficeDemo, demo.NodeProcess
 *   ctl ───────▶ Endpoints ──HTTP──▶ any node
 *   journal ───▶ journal.ReadOnlyStore, storage.LogAudit, snapshot.file.SnapshotDirectory
 * </pre>
 *
 * <p>May use: everything; nobody uses it.
 */
package io.pekkoraft.cli;
