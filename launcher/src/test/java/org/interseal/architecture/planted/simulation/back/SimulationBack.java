package org.interseal.architecture.planted.simulation.back;

import org.interseal.architecture.planted.simulation.there.SimulationThere;

/** The other half of a cycle. */
public final class SimulationBack {
  static final Class<?> OTHER = SimulationThere.class;
}
