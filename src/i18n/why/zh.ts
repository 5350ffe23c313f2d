import { byChain, chainKind, type KernelWords } from './types.ts';

/** 跳转，按目标链。 */
const JUMP: Readonly<Record<string, string>> = {
	'KUBE-SERVICES': '只有{chain}知道哪些地址属于服务，所以每个数据包在选路之前都要先经过它。',
	'KUBE-NODEPORTS':
		'没有哪条针对服务地址的规则匹配，而数据包正是发给本机的。于是改为在{chain}里按端口查找，而不再按地址。',
	'KUBE-EXT': '这个端口属于该服务。它的流量策略要如何处理外来的数据包，写在{chain}里。',
	'KUBE-XLB': '该服务的流量策略是`Local`：{chain}根据数据包从哪里来、本机上运行着什么来决定。',
	'KUBE-FW': '负载均衡器的地址只允许某些来源：{chain}会比对客户端的地址。',
	'KUBE-SVC': '现在由该服务的任何一个端点应答都可以：{chain}随机选出一个。',
	'KUBE-SVL': '策略为`Local`：{chain}里只有本节点上的端点，数据包不会再被转到别处。',
	'KUBE-SEP': '选中的就是这个端点。{chain}只为它而设，里面写着它的地址。',
	'KUBE-POSTROUTING': '即将离开的数据包都要经过{chain}：此时路由已定，带标记的数据包该换成哪个地址也就清楚了。',
	'KUBE-FORWARD': '发往其他机器的数据包会经过{chain}，这样严格的FORWARD策略才不会拦住服务的流量。',
	'KUBE-FIREWALL': '{chain}属于kubelet：它丢弃事先打好标记的数据包，以及冒充来自本机的数据包。',
	'KUBE-EXTERNAL-SERVICES': '新连接要与那些无法从这里应答的服务比对：相应的规则都在{chain}里。',
	'KUBE-PROXY-FIREWALL': '{chain}丢弃不在负载均衡器允许来源列表中的数据包。',
	'KUBE-MARK-DROP': '这里没有能为该服务应答的端点。nat表不能丢弃数据包，所以由{chain}打上标记，交给filter表处理。',
	CILIUM: '{chain}是Cilium自己的链，排在kube-proxy的规则之前。',
};

/** 跳到KUBE-MARK-MASQ，按来源链。 */
const MARK_FROM: Readonly<Record<string, string>> = {
	'KUBE-EXT':
		'策略为`Cluster`：凡是从服务对外入口进来的数据包，一律打标记。此时端点还没选出，可能在另一个节点上，那样它的应答必须先回到本节点。',
	'KUBE-NODEPORTS':
		'策略为`Cluster`：凡是从这个端口进来的数据包，一律打标记。端点可能在另一个节点上，那样它的应答必须先回到本节点。',
	'KUBE-SEP': '发送方就是这个端点自己，它在访问自己所在的服务。之所以打标记，是因为Pod会丢弃源地址是自己的数据包。',
	'KUBE-SVC': '发送方不是本集群的Pod。打上标记，应答才会回到做转换的节点。',
	'KUBE-SVL': '发送方不是本集群的Pod。打上标记，应答才会回到本节点。',
};

export const why: KernelWords = {
	'arp.answered': '{ip}是本机的地址，所以本机用自己的MAC地址{mac}应答。',
	'arp.asked': '还没有人说过{ip}的MAC地址是什么：询问从{dev}发出，送给链路上的所有机器。',
	'arp.ignored': '问的是{ip}，它不在这里，也没有带来新的信息。',
	'arp.learned': '{ip}位于{mac}：记下这个应答，等待它的数据包就可以从{dev}出去了。',
	'arp.proxied': '去往{ip}的路经过本机，而{dev}会代为应答（`proxy_arp`）。',
	'bridge.flooded': '网桥还没学到{mac}在哪里，于是把帧从{ports}个端口都发出去。',
	'bridge.forwarded': '网桥已经学到{mac}在{dev}后面，所以只有这个端口收到该帧。',
	'bridge.local': '帧是发给网桥自己的：本机从{dev}收下它。',
	'bridge.same-port': '目的地就在{dev}后面，而帧正是从那里来的：它已经到过那里了。',
	'ct.clash': '另一个数据包先占用了这组地址和端口：两条连接不能共用，所以丢弃这一个。',
	'ct.created':
		'第一个数据包已经通过，于是按现在的样子登记这条连接的两个方向。之后的数据包都依据这个条目转换，不再查询任何nat规则。',
	'ct.established': ({ direction }) =>
		direction === 'reply' ? '这是应答：通过第二个元组找到了它所属的连接。' : '这条连接是已知的：不再查询nat表。',
	'ct.full': '连接表已满（{max}个条目）：记不住的就不放行。',
	'ct.invalid': '这个数据包不属于任何连接，也不能开始一条连接：conntrack不会转换它。',
	'ct.new': '还没有连接使用这组地址和端口：这个数据包开始一条新连接，因此要查询nat表。',
	'ct.related': '这是关于已知连接中某个数据包的差错报文：它走同样的路，也随之一起转换。',
	'ct.translated': ({ direction }) =>
		direction === 'reply'
			? '这条连接在建立时做过转换，条目里记着怎么转的。应答在这里按条目还原，不查询任何规则。'
			: '这条连接在建立时做过转换：第一个数据包由规则改写，这一个则按条目改写。',
	'dev.down': '{dev}没有启用，什么都过不去。',
	'dev.otherhost': '帧的目的MAC地址属于另一台机器；{dev}只是听到而已。',
	'dev.received': '帧从{dev}进来。',
	'dev.sent': '帧从{dev}出去。',
	'dev.too-long': '{dev}只收{mtu}字节，数据包有{length}字节：悄悄丢弃。',
	'forward.frag-needed': '数据包有{length}字节，出口只容得下{mtu}字节，而它又不许分片（DF）：丢弃，并通知发送方。',
	'forward.ttl': '数据包只是路过，TTL减到{ttl}：在环路里打转的数据包总得有个尽头。下一跳是{next}，从{dev}出去。',
	'forward.ttl-exceeded': 'TTL已经用完（{ttl}）：数据包不能再往前走，并通知发送方。',
	'icmp.echoed': '这是发给{to}的回显请求：内核自己向{from}应答，不经过任何程序。',
	'icmp.pmtu': '这个差错报文说明了去往{ip}的路上最多容得下多少：{mtu}字节。记下来。',
	'icmp.sent': '以{from}的名义用ICMP（类型{type}，代码{icmpCode}）通知发送方{to}。',
	'ip.fragment-waits': '这是数据包的一片；已到{pieces}片，还没有到齐。',
	'ip.fragmented': '超过出口能容纳的{mtu}字节：切成{pieces}片。',
	'ip.reassembled': '{pieces}片都到齐了：数据包恢复完整。',
	'neigh.failed': '在{dev}上发了{tries}次ARP请求，{ip}都没有应答：放弃等待它的数据包。',
	'neigh.known': '下一跳{ip}的MAC地址是{mac}（{state}），可以填写帧的目的地址了。',
	'neigh.waits': '{ip}的MAC地址还不知道：数据包先等着，由ARP在{dev}上询问。',
	'nf.accept': (_, at) =>
		at.entry?.includes('0x4000/0x4000')
			? '数据包带有kube-proxy的标记，无论FORWARD策略如何都可以通过。'
			: at.entry?.includes('RELATED,ESTABLISHED')
				? '数据包属于一条已知连接，可以通过。'
				: '规则匹配：数据包可以通过，这张表到此为止。',
	'nf.connmark': '数据包的标记{mark}随连接一起保存下来。',
	'nf.count': '规则匹配，但不做决定：只是计数。',
	'nf.dnat':
		'目的地址变成{to}，也就是选中的端点。从这里起，它像其他数据包一样选路，而conntrack记得最初访问的是哪个地址。',
	'nf.drop': (_, at) =>
		at.entry?.includes('0x8000/0x8000')
			? '数据包带有标记`0x8000`：nat表在本节点上没有找到可以应答的端点。数据包被直接丢弃，不作应答：服务是存在的，只是不在这扇门后面。'
			: at.entry?.includes('no local endpoints')
				? '流量策略是`Local`，而本节点上没有端点。数据包被直接丢弃，不作应答：服务是存在的，只是不在这扇门后面。'
				: at.entry?.includes('INVALID')
					? 'conntrack无法判断这个数据包属于谁，也就无法把它转换回去：照原样转发会破坏连接。'
					: chainKind(at.chain) === 'KUBE-FIREWALL'
						? '数据包冒充来自或发往本机的环回地址：外来的数据包不允许这样。'
						: '规则匹配，丢弃数据包，不通知任何人。',
	'nf.end': '{chain}里已经没有规则了：回到跳转过来的那条链。',
	'nf.jump': ({ chain }, at) =>
		chain === 'KUBE-MARK-MASQ'
			? byChain(at.chain, MARK_FROM, '数据包必须以本节点的名义发出：{chain}为此给它打标记。')
			: byChain(chain, JUMP, '规则匹配：接着看{chain}。'),
	'nf.loop': '规则在原地打转，或者跳到并不存在的{chain}：丢弃数据包。',
	'nf.mark': ({ mark }, at) =>
		chainKind(at.chain) === 'KUBE-MARK-MASQ'
			? '数据包被打上标记{mark}。源地址本身还不能改：该用哪个地址取决于从哪个设备出去，而路由还没有选定。'
			: chainKind(at.chain) === 'KUBE-MARK-DROP'
				? '数据包被打上标记{mark}：此时还没有丢弃，稍后由filter表读取标记。'
				: chainKind(at.chain) === 'KUBE-POSTROUTING'
					? '标记已经读过，现在清除，以免后面再起作用；标记变为{mark}。'
					: mark === '0x0'
						? '规则匹配，清除标记。'
						: '规则匹配，设置标记：现在是{mark}。',
	'nf.masquerade': (_, at) =>
		chainKind(at.chain) === 'KUBE-POSTROUTING'
			? '数据包带有标记，所以源地址变成{to}，即内核为从{dev}出去的数据包选定的本节点地址。否则，别的节点上的Pod会直接应答客户端，而应答来自客户端从未访问过的地址，不属于任何连接。'
			: '源地址变成{to}，即内核为从{dev}出去的数据包选定的地址：在外面，没有人知道怎样回到原来的地址。',
	'nf.no-address': '规则需要填入{dev}的一个地址，但那里没有可用的地址：丢弃数据包。',
	'nf.notrack': '规则匹配：conntrack不跟踪这个数据包，因此也不会有任何转换。',
	'nf.policy': ({ policy }) =>
		policy === 'ACCEPT'
			? '{chain}里没有规则做出决定，由它的默认策略决定：数据包可以通过。'
			: '{chain}里没有规则做出决定，由它的默认策略决定：丢弃数据包。',
	'nf.reject': (_, at) =>
		at.entry?.includes('has no endpoints')
			? '该服务在任何地方都没有端点，于是本节点代它拒绝（{with}）：客户端马上就知道，不必等待。'
			: '规则匹配并拒绝：发送方会收到通知（{with}）。',
	'nf.return': ({ chain }) =>
		chainKind(chain) === 'KUBE-POSTROUTING'
			? '数据包没有标记`0x4000`：保留源地址，{chain}无事可做。'
			: '规则匹配，离开{chain}：剩下的规则与它无关。',
	'nf.snat': '源地址变成{to}；conntrack记住原来的地址，留给应答使用。',
	'nf.tproxy': '数据包交给本机{port}端口上的代理，地址保持不变。',
	'route.broadcast': '{ip}是本地网络的广播地址：发给那里的所有机器，也包括本机。',
	'route.connected': '最长匹配的前缀就在{dev}上：不需要网关，目的地址就是下一跳。',
	'route.local': '{ip}是本机的地址：数据包到达了。',
	'route.martian-destination': '{ip}不可能是线路上任何机器的地址：从{dev}进来、发往它的数据包会被丢弃。',
	'route.martian-source': '从{dev}进来的数据包不可能来自{ip}：丢弃。',
	'route.none': '没有路由匹配{ip}：不知道该送往哪里。',
	'route.not-forwarding': '{ip}不在这里，而本机不为别人转发（`net.ipv4.ip_forward=0`）。',
	'route.refused': '对{ip}匹配最长的路由类型是{type}：它就是用来拒绝的。',
	'route.rp-filter': '发往{ip}的应答不会从{dev}出去，所以来自那里的数据包也不允许从这里进来（`rp_filter`）。',
	'route.via': '由最长匹配的前缀决定：下一跳是{via}，从{dev}出去。',
	'socket.accepted': '{owner}在{port}端口上监听。在它看来，对端就是数据包到达时的源地址{peer}，别的它一概不知。',
	'socket.answered': '应答来自{peer}，正是当初访问的地址，所以归等待它的套接字。',
	'socket.connect': '程序要访问{peer}（{protocol}）。用哪个源地址还没有定：由路由决定。',
	'socket.connected': '应答来自{peer}，与当初访问的地址和端口完全一致，所以`connect()`成功。',
	'socket.failed': '对{peer}的访问没有成功：程序得到{errno}。',
	'socket.icmp-error': '{from}发来的ICMP差错引用了这个套接字的数据包：程序得到{errno}。',
	'socket.no-protocol': '本机上没有什么能处理协议{protocol}。',
	'socket.none': '{ip}的{port}端口（{protocol}）上没有程序监听。',
	'socket.ping': '{from}应答了这里等待着的ping。',
	'socket.timed-out': '{peer}什么也没有回，连拒绝都没有：程序放弃等待。',
	'socket.unexpected': '发往{port}端口的报文段不属于这里已知的任何连接：没有人请求过它。',
	'tcp.reset-sent': '内核用RST向{to}的{port}端口表示拒绝。',
};
