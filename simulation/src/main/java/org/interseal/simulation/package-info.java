/**
 * The whole federation in one thread on virtual time: production code of servers, gateways and
 * devices on virtual threads that a seed schedules. See docs/internals/simulation.md.
 */
@NullMarked
package org.interseal.simulation;

import org.jspecify.annotations.NullMarked;
