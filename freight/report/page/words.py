"""Every label of the page in English and Chinese: one literal table, handed to the script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from freight.domain.plan import ChargeKind
from freight.domain.service import Mode
from freight.report.words import WORDS

LABELS: Final[Mapping[str, tuple[str, str]]] = {
    # Frame
    "report": ("Plan report", "方案报告"),
    "language": ("中文", "English"),
    "theme": ("Light or dark", "明暗切换"),
    "print": ("Print", "打印"),
    "plan": ("Plan", "方案"),
    "skip": ("Skip to content", "跳到正文"),
    "tabs": ("Views of the plan", "方案视图"),
    # Filters
    "filters": ("Filters", "筛选"),
    "city": ("City", "城市"),
    "mode": ("Mode", "运输方式"),
    "owner": ("Owner", "所属平台"),
    "week": ("Week of departure", "发运周"),
    "all": ("all", "全部"),
    "clear": ("Clear filters", "清除筛选"),
    "shown": ("Shown", "当前"),
    "of": ("of", "/"),
    "nothing": ("Nothing matches these filters.", "没有符合筛选条件的内容。"),
    # Key figures
    "figures": ("Key figures", "关键指标"),
    "comparison": ("Comparison of plans", "方案对比"),
    "comparison.note": ("Each difference is to the first plan.", "差值均以第一个方案为基准。"),
    "cost": ("Total cost", "总成本"),
    "cost_per_feu": ("Cost per FEU moved", "每FEU成本"),
    "teu_moved": ("TEU planned", "已承运TEU"),
    "teu_left": ("TEU not planned", "未承运TEU"),
    "shipments": ("Shipments", "订单"),
    "departures": ("Departures", "班次"),
    "on_time": ("TEU on time", "准时TEU占比"),
    "co2e": ("CO₂e", "碳排放"),
    "co2e_per_feu": ("CO₂e per FEU", "每FEU碳排放"),
    "load_factor": ("Load factor", "满载率"),
    "load_trains": ("Load of trains", "班列满载率"),
    "load_full": ("Load of fullest leg", "最满区段满载率"),
    "gap": ("Above the best possible by at most", "与最优差距上限"),
    "bound": ("Lowest possible cost, penalty included (proved)", "理论最低成本(含惩罚成本)"),
    "objective": ("Best plan", "最好方案"),
    "penalty": ("Penalty for what is not planned (no money)", "未承运惩罚成本(虚拟)"),
    # Charts
    "waterfall": ("Cost by charge", "成本构成"),
    "borne_by_nobody": ("unallocated", "未分摊"),
    "total": ("total", "合计"),
    "split": ("Share of modes", "运输方式占比"),
    "split.teu_km": ("TEU-km", "TEU·公里"),
    "split.cost": ("Cost", "成本"),
    "split.co2e": ("CO₂e", "碳排放"),
    "terminal": ("terminals and time", "场站与时间"),
    "punctuality": ("Delivery against due date", "交付与约定期限"),
    "punctuality.axis": (
        "days before (−) or after (+) the due date",
        "早于(−)或晚于(+)约定期限的天数",
    ),
    "owners": ("By owner of the goods", "按货主所属平台"),
    "loads": ("Departures by load factor", "按满载率分布的班次"),
    "loads.axis": ("load factor of the fullest leg", "最满区段满载率"),
    "services": ("Services", "线路"),
    "gantt": ("Departures and their load", "班次与装载"),
    "gantt.note": (
        "One block per service, one bar per departure from first to last stop; colour is the load"
        " of the fullest leg. Slots that carry nothing and cost nothing are left out.",
        "每组一条线路，每条一个班次（首站至末站），颜色为最满区段满载率。不计未使用且无费用的舱位。",
    ),
    "gantt.cut": (
        "Only the services with most TEU are drawn; filter to see the others.",
        "仅绘制承运量最大的线路，可用筛选查看其余。",
    ),
    "string": ("String-line diagram", "运行图"),
    "string.note": (
        "Distance along the corridor against time: trains of every service that runs between two of"
        " its terminals or more.",
        "纵轴为通道里程，横轴为时间；绘出在该通道两个及以上场站间运行的各班次。",
    ),
    "corridor": ("Corridor of service", "通道（线路）"),
    "distance": ("km from first terminal", "距首站公里数"),
    "map": ("Flows by mode", "分方式货流"),
    "map.note": (
        "Width by TEU. Lines between stops are schematic. Coastlines: Natural Earth. Borders on"
        " request only (--borders).",
        "线宽按TEU。站间连线为示意。海岸线：Natural Earth；国界线仅按要求绘制（--borders）。",
    ),
    "map.note.borders": (
        "Width by TEU. Lines between stops are schematic. Coastlines and borders: Natural Earth,"
        " which draws who holds the ground; no statement on any claim.",
        "线宽按TEU。站间连线为示意。海岸线与国界：Natural Earth，按实际控制绘制，不代表任何主张。",
    ),
    "map.eurasia": ("Eurasia", "欧亚"),
    "map.china": ("China", "中国"),
    "map.whole": ("All flows", "全部货流"),
    "map.europe": ("Europe", "欧洲"),
    "border_load": ("Border load by day", "口岸日装载"),
    "border": ("Border", "口岸"),
    "capacity": ("capacity per day", "日能力"),
    "lifts": ("Lifts by terminal", "场站装卸量"),
    "convergence": ("How the solve went on", "求解过程"),
    "convergence.none": (
        "The solve left no trace: it ended before it had anything to report.",
        "求解未留下过程记录。",
    ),
    "seconds": ("seconds", "秒"),
    "facts": ("How it was found", "求解信息"),
    "meaning": ("What is proved", "最优性说明"),
    # Tables
    "search": ("Search", "搜索"),
    "rows": ("rows", "行"),
    "page": ("Page", "页"),
    "previous": ("Previous", "上一页"),
    "next": ("Next", "下一页"),
    "csv": ("Download CSV", "下载CSV"),
    "departure": ("Departure", "班次"),
    "service": ("Service", "线路"),
    "name": ("Name", "名称"),
    "departs": ("Departs", "出发时间"),
    "arrives": ("Arrives", "到达"),
    "kind": ("Kind", "性质"),
    "committed": ("fixed", "固定"),
    "chosen": ("planned", "计划开行"),
    "runs": ("Runs", "班次数"),
    "teu": ("TEU", "TEU"),
    "most_teu": ("TEU on fullest leg", "最满区段TEU"),
    "fixed": ("Fixed cost", "固定费用"),
    "shipment": ("Shipment", "托运编号"),
    "from": ("From", "起"),
    "to": ("To", "讫"),
    "ready": ("Ready", "备妥"),
    "due": ("Due", "期限"),
    "delivered": ("Delivered", "交付"),
    "slack_days": ("Days in hand (− is late)", "余量天数(−为逾期)"),
    "modes": ("Modes", "方式"),
    "per_feu": ("per FEU", "每FEU"),
    "price": ("Through price", "全程运价"),
    "bill": ("Bill", "运单"),
    "goods": ("Goods", "货物"),
    "reason": ("Why it is not planned", "未承运原因"),
    "unserved": ("Not planned", "未承运"),
    "terminal_name": ("Terminal", "场站"),
    "country": ("Country", "国家"),
    "loaded": ("TEU loaded", "装载TEU"),
    "unloaded": ("TEU unloaded", "卸载TEU"),
    "peak": ("Most TEU in a day", "单日最大TEU"),
    # One shipment
    "timelines": ("Timelines of the shipments on this page", "本页订单时间线"),
    "timelines.note": (
        "Colours are modes, grey is a wait, a diamond is the due date.",
        "颜色为运输方式，灰色为停留，菱形为约定期限。",
    ),
    "open_bill": ("Open the through bill", "打开全程运单"),
    "close": ("Close", "关闭"),
    "step": ("Step", "环节"),
    "dwell": ("Wait", "停留"),
    "paid_storage": ("h paid storage", "小时计费堆存"),
    "hours": ("h", "小时"),
    "part": ("Part", "批次"),
    "charges": ("Charges", "费用"),
    "not_invoiced": ("not invoiced", "不计入运价"),
    "select_shipment": (
        "Choose a shipment for its journey and its bill.",
        "选择订单以查看行程与运单。",
    ),
    "lane_weeks": (
        "Cost per FEU by lane and week (busiest lanes)",
        "各线路各周每FEU成本（主要线路）",
    ),
    "reefer": ("reefer", "温控"),
    "consignor": ("Consignor", "托运人"),
    "consignee": ("Consignee", "收货人"),
    "number": ("Bill No.", "运单号"),
    "local": ("Times are local at the terminal.", "时间为场站当地时间。"),
    # Proof
    "method": ("Method", "方法"),
    "backend": ("Backend", "求解器"),
    "seed": ("Seed", "随机种子"),
    "outcome": ("Outcome", "结果"),
    "outcome.optimal": ("proved within the gap asked for", "已证明达到所求差距"),
    "outcome.feasible": ("a plan, not proved to the gap asked for", "可行方案，未证明达到所求差距"),
    "stop": ("Stopped by", "停止原因"),
    "stop.time": ("time limit", "时间上限"),
    "stop.iterations": ("limit of iterations", "迭代上限"),
    "stop.converged": ("nothing more to improve", "已无可改进"),
    "stop.interrupted": ("the user", "用户中止"),
    "time": ("Time", "用时"),
    "versions": ("Versions", "版本"),
    "digest": ("Instance digest", "算例摘要"),
    "instance": ("Instance", "算例"),
}


def labels() -> dict[str, tuple[str, str]]:
    """Labels of the page with those it shares with the bill, as (English, Chinese)."""
    shared = [f"mode.{mode}" for mode in Mode] + [f"charge.{kind}" for kind in ChargeKind]
    shared += [key for key in WORDS if key.startswith("transfer.")]
    return dict(LABELS) | {key: (WORDS[key].en, WORDS[key].zh) for key in shared}
