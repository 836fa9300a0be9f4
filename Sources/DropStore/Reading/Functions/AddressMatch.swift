internal import DropEvents

/// `cidr_match(address, block)`: whether an address lies in a range.
final class AddressMatch {
  // A statement asks for a few ranges, again and again, and the same addresses come often.
  private var blocks = BoundedCache<String, AddressNetwork>(limit: 64)
  private var addresses = BoundedCache<String, IPAddress>(limit: 4096)

  func result(address: SQLValue, block: SQLValue) throws(SQLFunctionError) -> SQLValue {
    .integer(try self.block(block).contains(try self.address(address)) ? 1 : 0)
  }

  private func address(_ value: SQLValue) throws(SQLFunctionError) -> IPAddress {
    if case .text(let text) = value {
      if let known = addresses[text] { return known }
      if let address = AddressNetwork.address(text) {
        addresses.insert(address, for: text)
        return address
      }
    }
    throw SQLFunctionError(
      "cidr_match: the first argument must be an address, such as saddr, and \(value.shown) is none")
  }

  private func block(_ value: SQLValue) throws(SQLFunctionError) -> AddressNetwork {
    if case .text(let text) = value {
      if let known = blocks[text] { return known }
      if let block = AddressNetwork(text) {
        blocks.insert(block, for: text)
        return block
      }
    }
    throw SQLFunctionError(
      "cidr_match: the second argument must be a range of addresses, such as '10.0.0.0/8' or 'fd00::/8', and "
        + "\(value.shown) is none")
  }
}
