package org.interseal.protocol.banking;

/** Who bears charges (ChargeBearerType1Code). The federation knows one way alone. */
public enum ChargeBearer {
  /** FollowingServiceLevel. */
  SLEV
}
