/** Banking values: money, currencies, IBANs and the ISO 20022 codes that the federation uses. */
@NullMarked
package org.interseal.protocol.banking;

import org.jspecify.annotations.NullMarked;
