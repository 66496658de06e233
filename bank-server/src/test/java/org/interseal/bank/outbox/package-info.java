@NullMarked
package org.interseal.bank.outbox;

import org.jspecify.annotations.NullMarked;
