/**
 * The edge over HTTP, for any group: errors as problem documents (RFC 9457), preconditions (RFC
 * 9110 §13), and how each peer is. {@link io.pekkoraft.http.RaftHttp} binds a route so that nothing
 * leaves it in another form, not even what the parser refuses.
 *
 * <pre>
 *   socket ──▶ parser ──▶ ProblemBoundary ──▶ BoundedBody ──▶ the route ──▶ RaftGroup
 *                │ 4xx        │ rejections, exceptions, time-outs
 *                └────────────┴──▶ Problem ──▶ application/problem+json
 * </pre>
 *
 * <p>May use: the front door and its {@code model}; Pekko HTTP. Nothing in here knows a state
 * machine.
 */
package io.pekkoraft.http;
