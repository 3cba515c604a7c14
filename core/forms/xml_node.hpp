#pragma once

#include <cstdint>

namespace terreno::forms {

/// An interned string. Two names of one NameTable are equal exactly when their ids are.
using NameId = std::uint32_t;
inline constexpr NameId kNoName =
    0;  ///< the empty string, and every name that a finished table does not hold

enum class NodeKind : std::uint8_t { Document, Element, Attribute, Text, Comment, Instruction, Namespace };

using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = 0xFFFFFFFFU;

/// A node's name and place among its neighbours.
struct Node {
  NodeKind kind = NodeKind::Element;
  bool relevant = true;        ///< a node that is not is left out of what expressions see
  NameId local = kNoName;      ///< the name without its prefix; an instruction's target
  NameId uri = kNoName;        ///< its namespace
  NameId qualified = kNoName;  ///< the name as written
  NodeId parent = kNoNode;
  NodeId first_child = kNoNode;
  NodeId last_child = kNoNode;
  NodeId previous = kNoNode;
  NodeId next = kNoNode;             ///< the next sibling; of an attribute the next attribute
  NodeId first_attribute = kNoNode;  ///< attributes, then namespace nodes
};

}  // namespace terreno::forms
