package org.interseal.architecture.planted.simulation.there;

import org.interseal.architecture.planted.simulation.back.SimulationBack;

/** One half of a cycle. */
public final class SimulationThere {
  static final Class<?> OTHER = SimulationBack.class;
}
