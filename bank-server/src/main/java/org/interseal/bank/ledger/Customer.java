package org.interseal.bank.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * A customer.
 *
 * @param accounts account numbers, in order of opening
 * @param devices ids of linked devices, in order of linking
 */
record Customer(long id, String name, List<Long> accounts, List<String> devices) {
  /** Most devices linked at a time. */
  static final int MAX_DEVICES = 10;

  Customer {
    accounts = List.copyOf(accounts);
    devices = List.copyOf(devices);
  }

  Customer linked(String deviceId) {
    List<String> all = new ArrayList<>(devices);
    all.add(deviceId);
    return new Customer(id, name, accounts, all);
  }

  Customer unlinked(String deviceId) {
    return new Customer(
        id, name, accounts, devices.stream().filter(d -> !d.equals(deviceId)).toList());
  }
}
