import { byChain, chainKind, type WhyWords } from './types.ts';

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
	'KUBE-SEP': '选中的就是这个端点。{chain}只属于它，也只有这里知道它的地址。',
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

export const why: WhyWords = {
	'arp.answered': '{ip}是本机的地址，所以本机用自己的MAC地址{mac}应答。',
	'arp.asked': '还没有人说过{ip}的MAC地址是什么：询问从{dev}发出，送给链路上的所有机器。',
	'arp.ignored': '问的是{ip}，它不在这里，也没有带来新的信息。',
	'arp.learned': '{ip}位于{mac}：记下这个应答，等待它的数据包就可以从{dev}出去了。',
	'arp.proxied': '去往{ip}的路经过本机，而{dev}会代为应答（`proxy_arp`）。',
	'bridge.flooded': '网桥还没学到{mac}在哪里，于是把帧从{ports}个端口都发出去。',
	'bridge.forwarded': '网桥已经学到{mac}在{dev}后面，所以只有这个端口收到该帧。',
	'bridge.local': '帧是发给网桥自己的：本机从{dev}收下它。',
	'bridge.same-port': '目的地就在{dev}后面，而帧正是从那里来的：它已经到过那里了。',
	'cilium.backend-elsewhere':
		'{ip}在另一个节点上。为了让它的应答回到认识这个服务的本节点，数据包以本节点的名义继续走。',
	'cilium.backend-here': '{ip}是本节点的Pod，它的应答本来就要经过这里：只改目的地址，Pod会看到{client}。',
	'cilium.cluster-ip': '{frontend}是ClusterIP，不接受来自外部的数据包。',
	'cilium.ct-known': '这条连接已在Cilium自己的表中。',
	'cilium.ct-new': '这是新连接：写入Cilium自己的表，内核的conntrack对此一无所知。',
	'cilium.ct-nodeport': '连接被记为服务的连接：应答将凭这个条目认出来。',
	'cilium.deliver':
		'{ip}是本节点上编号为{endpoint}的端点，Cilium的程序直接把数据包交给{dev}：主机的路由和iptables都看不到它。',
	'cilium.dsr-geneve': '客户端地址保持不变。它访问的{frontend}随隧道头一同带上，让后端所在的节点能以它的名义应答。',
	'cilium.dsr-learned': '附带的信息说明{client}访问的是{frontend}：从此发给它的应答都用这个地址。',
	'cilium.dsr-option':
		'客户端地址保持不变。它访问的{frontend}放进8字节的IP选项一同带上，让后端所在的节点能以它的名义应答。',
	'cilium.dsr-reply': '应答以{frontend}为源地址直接发往客户端，不再经过最初被访问的节点。',
	'cilium.dsr-too-long': '加上附带的信息，数据包将有{length}字节，超过链路所能承载：请客户端改用{mtu}字节的数据包。',
	'cilium.egress-as-is': '没有理由更换源地址{ip}：数据包原样离开。',
	'cilium.egress-done': '标记表明数据包已经转换过：原样离开。',
	'cilium.egress-overlay': '标记表明这是隧道自己的数据报：没有要转换的。',
	'cilium.encap': 'Cilium的ipcache记着{ip}在节点{node}后面：数据包进入隧道，以发送方的身份{vni}为编号。',
	'cilium.fib': '程序自己查询主机的路由：下一跳是{ip}，MAC地址为{mac}。数据包从{dev}离开，不经过主机的协议栈。',
	'cilium.fib-neigh': '下一跳是{ip}，从{dev}走。它的MAC地址还不知道，由内核去问，再把数据包发出。',
	'cilium.fib-none': '主机没有可以把数据包转发到{ip}的路由。',
	'cilium.fib-too-long': '数据包有{length}字节，而出口只能承载{mtu}字节：程序无法转发，也不会通知任何人。',
	'cilium.hairpin': 'Pod通过服务访问到了自己。源地址变成{address}，因为它会丢弃源地址是自己的数据包。',
	'cilium.host': '{ip}是节点自己的地址：数据包继续进入主机的协议栈。',
	'cilium.netdev-stack': '使用传统的主机路由，程序到此为止：主机协议栈接手发往{ip}的数据包，好让conntrack看到它。',
	'cilium.netdev-unknown': '{ip}不是本节点的端点：数据包继续进入主机的协议栈。',
	'cilium.no-backend': '{frontend}是服务，但这里没有可选的后端：数据包被丢弃，也不通知任何人。',
	'cilium.no-backend-reject': '{frontend}是服务，但这里没有可选的后端：以服务的名义用ICMP差错告知发送方。',
	'cilium.no-service': '{frontend}不是Cilium映射表里的服务。',
	'cilium.overlay-identity': '数据包经隧道来自{node}；编号{vni}就是发送方的身份。',
	'cilium.reverse': '这是服务后端的应答：源地址恢复为{frontend}，也就是最初访问的地址。',
	'cilium.service': '{frontend}是Cilium映射表里的服务，所以数据包发往它的一个后端{backend}，不查询任何iptables规则。',
	'cilium.snat': '源地址变成{to}。Cilium的NAT映射表为两个方向各记一个条目。',
	'cilium.snat-error': 'ICMP差错引用的是转换过的数据包：发送方变成{address}，引用内容也改成对方认识的样子。',
	'cilium.snat-full': '试了{tries}次，{address}都没有可供这条流使用的空闲端口：数据包被丢弃。',
	'cilium.snat-known': '这条流在Cilium的NAT映射表中：源地址照旧变成{to}。',
	'cilium.snat-port-taken': '{port}端口已被通往同一处的另一条流占用：试了{tries}次后找到另一个。',
	'cilium.snat-same': '这是节点自己的连接：保留{to}并记下来，以免别的流转换后占用同一端口。',
	'cilium.sock-bind': '{port}端口属于NodePort服务：节点上的进程不能在此监听。',
	'cilium.sock-connect':
		'程序要连接的{frontend}是服务。还没有任何数据包时，它的套接字就改为指向{backend}：服务的地址从不出现在线路上。',
	'cilium.sock-no-backend': '{frontend}是没有后端的服务：程序的调用立即以{errno}失败，不发出任何数据包。',
	'cilium.sock-none': '{frontend}不是Cilium能换成后端的服务：套接字照原样去连。',
	'cilium.sock-release': '套接字关闭：它的转换记录随之删除。',
	'cilium.sock-reverse': '套接字通信的对方是{backend}，但告诉程序的是它当初要访问的{frontend}。',
	'cilium.source-range': '{client}不在允许访问{frontend}的来源之列。',
	'cilium.stack': '{ip}不是本节点的端点，所以由主机协议栈去找路；发送方的身份{identity}作为标记一同带上。',
	'cilium.tail-call': '余下的由另一个程序{program}处理：这是不返回的尾调用。',
	'cilium.unroutable': 'Pod网段的路由通到这里，但没有Pod拥有{ip}。',
	'cilium.unsnat': '这是本节点曾以自己名义转发的请求的应答：目的地址恢复为真正的请求方{to}。',
	'cilium.unsnat-none': '数据包不是对本节点转换过的任何请求的应答。',
	'cilium.unsnat-same': '这是对节点自己连接的应答：仍然发给{to}。',
	'ct.clash': '另一个数据包先占用了这组地址和端口：两条连接不能共用，所以丢弃这一个。',
	'ct.created':
		'第一个数据包已经通过，于是按现在的样子登记这条连接的两个方向。之后的数据包都依据这个条目转换，不再查询任何nat规则。',
	'ct.established': ({ direction }) =>
		direction === 'reply' ? '这是应答：通过第二个元组找到了它所属的连接。' : '这条连接是已知的：不再查询nat表。',
	'ct.full': '连接表已满（{max}个条目）：记不住的就不放行。',
	'ct.invalid': '这个数据包不属于任何连接，也不能开始一条连接：conntrack不会转换它。',
	'ct.new': '还没有连接使用这组地址和端口：这个数据包开始一条新连接，因此要查询nat表。',
	'ct.related': '这是关于已知连接中某个数据包的错误报文：它走同样的路，也随之一起转换。',
	'ct.translated': ({ direction }) =>
		direction === 'reply'
			? '这条连接在建立时做过转换，条目里记着怎么转的。应答在这里按条目还原，不查询任何规则。'
			: '这条连接在建立时做过转换：第一个数据包由规则改写，这一个则按条目改写。',
	'dev.down': '{dev}没有启用：什么都过不去。',
	'dev.otherhost': '帧的目的MAC地址属于另一台机器；{dev}只是听到而已。',
	'dev.received': '帧从{dev}进来。',
	'dev.sent': '帧从{dev}出去。',
	'forward.frag-needed': '数据包有{length}字节，出口只容得下{mtu}字节，而它又不许分片（DF）：丢弃，并通知发送方。',
	'forward.ttl': '数据包只是路过，TTL减到{ttl}：在环路里打转的数据包总得有个尽头。下一跳是{next}，从{dev}出去。',
	'forward.ttl-exceeded': 'TTL已经用完（{ttl}）：数据包不能再往前走，并通知发送方。',
	'icmp.echoed': '这是发给{to}的回显请求：内核自己向{from}应答，不经过任何程序。',
	'icmp.pmtu': '这个错误报文说明了去往{ip}的路上最多容得下多少：{mtu}字节。记下来。',
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
					? '标记已经读过，现在取下，以免后面再被当作依据；标记变为{mark}。'
					: mark === '0x0'
						? '规则匹配，取下标记。'
						: '规则匹配，设置标记：现在是{mark}。',
	'nf.masquerade': (_, at) =>
		chainKind(at.chain) === 'KUBE-POSTROUTING'
			? '数据包带有标记，所以源地址变成{to}，即出口设备{dev}的地址。否则Pod会直接应答客户端，而应答的来源是客户端从未访问过的地址，只会被扔掉。'
			: '源地址变成{to}，即出口设备{dev}的地址：在外面，没有人知道怎样回到原来的地址。',
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
	'program.denied': '程序{program}不允许连接{peer}：系统调用以`EPERM`失败，什么也没有发出。',
	'program.dropped': '程序{program}丢弃了数据包（原因{reason}）。',
	'program.no-device': '程序{program}要把数据包送往编号为{ifindex}的设备，但它并不存在。',
	'program.redirected': '程序{program}把数据包直接送往{dev}：跳过平常路径上接下来的各步。',
	'program.redirected-peer': '程序{program}把数据包直接放到{dev}的另一端：这一端根本看不到它。',
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
	'socket.accepted': '{owner}在{port}端口上监听。在它看来，对端就是数据包到达时的源地址{peer}，它不知道别的。',
	'socket.answered': '应答来自{peer}，正是当初访问的地址，所以交给等待它的套接字。',
	'socket.connect': '程序要访问{peer}（{protocol}）。用哪个源地址还没有定：由路由决定。',
	'socket.connected': '应答来自{peer}，与当初访问的地址和端口完全一致，所以`connect()`成功。',
	'socket.failed': '对{peer}的访问没有成功：程序得到{errno}。',
	'socket.icmp-error': '{from}发来的ICMP错误引用了这个套接字的数据包：程序得到{errno}。',
	'socket.no-protocol': '本机上没有什么能处理协议{protocol}。',
	'socket.none': '{ip}的{port}端口（{protocol}）上没有程序监听。',
	'socket.ping': '{from}应答了这里等待着的ping。',
	'socket.timed-out': '{peer}什么也没有回，连拒绝都没有：程序放弃等待。',
	'socket.unexpected': '发往{port}端口的报文段不属于这里已知的任何连接：没有人要它。',
	'tcp.reset-sent': '内核用RST向{to}的{port}端口表示拒绝。',
	'tunnel.decapsulated': '数据报从{remote}经隧道而来。{dev}取出里面的帧（编号{vni}），就像从网线上收到一样接收它。',
	'tunnel.encapsulated': '{dev}把整个帧装进从{source}发往{remote}的数据报，编号为{vni}。这一路上只看外层地址。',
	'tunnel.no-key': '没有人说明{dev}应把数据包发往何处，设备自己并不认识任何对端。',
	'tunnel.no-route': '没有路能到隧道的另一端{remote}。',
	'tunnel.refused': '数据报到了{dev}的端口，但里面没有隧道可以放行的内容。',
};
