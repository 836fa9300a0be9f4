internal import CDropRecord
internal import CLibBPF
internal import DropEvents

#if canImport(Glibc)
  internal import Glibc
#else
  internal import Musl
#endif

/// Puts a filter where the BPF program looks for it.
struct FilterMaps {
  /// The most entries a part of the filter has.
  private static let limit = 1024

  private let filter: CaptureFilter
  /// What to do with the drops of a reason, where it is not the same for all.
  private let rules: [UInt32: UInt32]

  /// A filter to be put there.
  ///
  /// - Parameters:
  ///   - filter: The filter.
  ///   - routine: Reasons of which only a sample is recorded.
  /// - Throws: ``CaptureError`` for a filter of more parts than the program can hold.
  init(_ filter: CaptureFilter, routine: Set<UInt32>) throws(CaptureError) {
    let counts = [
      filter.interfaces.count, filter.namespaces.count, filter.controlGroups.count, filter.networks.count,
    ]
    guard filter.ports.count <= CaptureFilter.portLimit, counts.allSatisfy({ $0 <= Self.limit }),
      filter.etherTypes.count <= 256
    else {
      throw CaptureError(
        .kernelCall,
        "the filter is too long: at most \(CaptureFilter.portLimit) ranges of ports, and \(Self.limit) interfaces, namespaces, control groups or networks"
      )
    }
    var rules: [UInt32: UInt32] = [:]
    for reason in filter.reasons { rules[reason] = DROP_RULE_RECORD }
    // Who asks for a reason by its name wants all of it.
    for reason in routine where rules[reason] == nil && filter.reasons.isEmpty {
      rules[reason] = DROP_RULE_SAMPLE
    }
    for reason in filter.excludedReasons { rules[reason] = DROP_RULE_LEAVE }
    self.filter = filter
    self.rules = rules
  }

  /// Whether there are reasons of which only a sample is recorded.
  var samples: Bool { rules.values.contains(DROP_RULE_SAMPLE) }

  /// Sets what the program knows of the filter before it is loaded.
  func set(_ knobs: inout drop_knobs) {
    var parts: UInt32 = 0
    if !filter.interfaces.isEmpty { parts |= DROP_FILTER_INTERFACE }
    if !filter.namespaces.isEmpty { parts |= DROP_FILTER_NETNS }
    if !filter.controlGroups.isEmpty { parts |= DROP_FILTER_CGROUP }
    if !filter.etherTypes.isEmpty || !filter.transports.isEmpty { parts |= DROP_FILTER_PROTOCOL }
    if !filter.ports.isEmpty { parts |= DROP_FILTER_PORT }
    if !filter.networks.isEmpty { parts |= DROP_FILTER_NETWORK }
    knobs.filters = UInt8(parts)
    knobs.other_rule = UInt8(filter.reasons.isEmpty ? DROP_RULE_RECORD : DROP_RULE_LEAVE)
    knobs.port_ranges = UInt8(filter.ports.count)
    unsafe withUnsafeMutableBytes(of: &knobs.ports) { bytes in
      for (index, range) in filter.ports.enumerated() {
        let pair = drop_port_range(first: range.lowerBound, last: range.upperBound)
        unsafe bytes.storeBytes(
          of: pair, toByteOffset: index * MemoryLayout<drop_port_range>.stride, as: drop_port_range.self)
      }
    }
    unsafe withUnsafeMutableBytes(of: &knobs.transports) { bytes in
      for transport in filter.transports {
        let place = Int(transport / 64) * 8
        let word = unsafe bytes.load(fromByteOffset: place, as: UInt64.self)
        unsafe bytes.storeBytes(of: word | 1 << UInt64(transport % 64), toByteOffset: place, as: UInt64.self)
      }
    }
  }

  /// Makes the maps of parts that are not in use small, before they are made.
  func size(_ object: borrowing BPFObject) throws(CaptureError) {
    if filter.interfaces.isEmpty { try object.setEntries(ofMap: "interfaces", to: 1) }
    if filter.namespaces.isEmpty { try object.setEntries(ofMap: "namespaces", to: 1) }
    if filter.controlGroups.isEmpty { try object.setEntries(ofMap: "control_groups", to: 1) }
    if filter.etherTypes.isEmpty { try object.setEntries(ofMap: "ethertypes", to: 1) }
    if filter.networks.isEmpty { try object.setEntries(ofMap: "networks", to: 1) }
  }

  /// Fills the maps of the loaded object, before it is attached.
  func fill(_ object: borrowing BPFObject) throws(CaptureError) {
    for (reason, rule) in rules {
      let map = reason < DROP_CORE_REASONS ? "core_rules" : "subsystem_rules"
      try Self.put(reason, UInt8(rule), into: map, object)
    }
    for name in filter.interfaces {
      var interface = drop_interface()
      unsafe withUnsafeMutableBytes(of: &interface.name) { bytes in
        // One byte less than there is room for: a name ends with NUL.
        for (index, byte) in name.bytes.prefix(bytes.count - 1).enumerated() { unsafe bytes[index] = byte }
      }
      try Self.put(interface, 1, into: "interfaces", object)
    }
    for namespace in filter.namespaces { try Self.put(namespace, 1, into: "namespaces", object) }
    for group in filter.controlGroups { try Self.put(group, 1, into: "control_groups", object) }
    for etherType in filter.etherTypes { try Self.put(etherType, 1, into: "ethertypes", object) }
    for network in filter.networks {
      var key = drop_network()
      let bytes = network.address.bytes
      let familyBits = 8 * MemoryLayout.size(ofValue: key.family)
      key.prefix_length = UInt32(familyBits + min(network.prefixLength, 8 * bytes.count))
      key.family.0 = network.address.isIPv6 ? 6 : 4
      unsafe withUnsafeMutableBytes(of: &key.address) { place in
        for (index, byte) in bytes.enumerated() { unsafe place[index] = byte }
      }
      try Self.put(key, 1, into: "networks", object)
    }
  }

  private static func put<Key: BitwiseCopyable>(
    _ key: Key, _ value: UInt8, into map: String, _ object: borrowing BPFObject
  ) throws(CaptureError) {
    var key = key
    var value = value
    let descriptor = try object.mapDescriptor(map)
    guard unsafe bpf_map_update_elem(descriptor, &key, &value, UInt64(BPF_ANY)) == 0 else {
      throw CaptureError(
        .kernelCall, "the filter cannot be put into the BPF map \(map): \(systemMessage(errno))")
    }
  }
}
