@NullMarked
package org.interseal.bank.inbox;

import org.jspecify.annotations.NullMarked;
