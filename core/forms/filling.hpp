#pragma once

#include <cstdint>
#include <vector>

#include "core/forms/form_model.hpp"

namespace terreno::forms {

using BlockId = std::uint32_t;
inline constexpr BlockId kNoBlock = 0xFFFFFFFFU;

/// The nodes of the root or of one repeat instance: ids base .. base + block_size, in the order of the
/// definitions.
struct Block {
  DefId def = 0;
  NodeId base = 0;
  BlockId parent = kNoBlock;
  std::uint32_t position = 0;  ///< of a repeat instance: its place among those of its repeat, from 0
  bool alive = true;
  std::vector<std::vector<BlockId>> slots;  ///< instances of each repeat right inside
};

/// What a filling holds, in flat arrays, so that a new one begins as a copy of the form's own.
struct Filling {
  NodeTree tree;
  std::vector<DefId> defs_of;      ///< by node
  std::vector<BlockId> blocks_of;  ///< by node
  std::vector<bool> own_relevant;  ///< by node: its own condition, without those around it
  std::vector<bool> touched;       ///< by node: a person answered it
  std::vector<Block> blocks;
  std::vector<BlockId> free_blocks;  ///< of instances that were taken away
  std::size_t instance_count = 0;    ///< of all repeats
};

/// A filling in which everything is computed that does not hang on who fills it, where and when.
struct FillingStart {
  Filling filling;
  std::vector<std::uint32_t>
      context_cells;  ///< what is left to compute: it asked for the moment, the case...
};

/// Makes the start of all fillings of a form.
FillingStart make_start(const FormModel& model);

}  // namespace terreno::forms
