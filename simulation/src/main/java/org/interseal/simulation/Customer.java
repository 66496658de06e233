package org.interseal.simulation;

import org.interseal.client.DeviceMemory;
import org.interseal.identity.BankId;
import org.interseal.protocol.banking.Iban;

/** A customer with one account and one linked device. */
record Customer(String name, BankId bank, Iban account, DeviceMemory memory) {}
