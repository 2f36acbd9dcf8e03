/**
 * Replicated entities: many small ones, each with events of its own, hashed into a fixed number of
 * Raft groups. A {@link io.pekkoraft.sharding.ReplicatedEntity} says what a command does, {@link
 * io.pekkoraft.sharding.RaftSharding} runs the groups and finds the entities.
 *
 * <pre>
 *   EntityRef ──▶ Region ──▶ GroupDesk of the leader's node ──▶ EntityDesk: command handler
 *                 (hash)                                            │ events, and what they follow
 *   reply ◀── after commit ◀── EntitiesMachine on each peer ◀── RaftGroup
 *              (event handler, if the events follow what is there)
 * </pre>
 *
 * <p>A command handler decides on a state which may hold events that are not committed yet. So each
 * write names the {@link io.pekkoraft.sharding.Stamp} of the state that it was decided on, and
 * every peer refuses alike what does not follow the state that it has: nothing rests on who
 * believes to lead.
 */
package io.pekkoraft.sharding;
