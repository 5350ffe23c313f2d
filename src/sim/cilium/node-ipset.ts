/** Addresses of all nodes, which pods reach without being masqueraded. */
export const NODE_IPSET = 'cilium_node_set_v4';
