"""Every word printed on a bill, in Chinese and English: one literal table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Word(NamedTuple):
    """A label in both languages."""

    zh: str
    en: str


WORDS: Final[Mapping[str, Word]] = {
    # The document and its parties
    "number": Word("单号", "Document No."),
    "document_code": Word("单证代码", "Document code"),
    "shipment": Word("托运编号", "Shipment ref."),
    "negotiable.yes": Word("可转让", "Negotiable"),
    "negotiable.no": Word("不可转让", "Non-negotiable"),
    "status.planned": Word("计划单证", "Planned"),
    "copy.internal": Word("内部联", "Internal sheet"),
    "copy.customer": Word("客户联", "Customer's copy"),
    "revision": Word("修订", "Revision"),
    "consignor": Word("托运人", "Consignor"),
    "consignee": Word("收货人", "Consignee"),
    "operator": Word("多式联运经营人", "Multimodal transport operator"),
    "issue": Word("签发地点和日期", "Place and date of issue"),
    "signature_operator": Word("多式联运经营人签章", "Signature and stamp of the operator"),
    "signature_consignor": Word("托运人签章", "Signature and stamp of the consignor"),
    "signature_consignee": Word("收货人签收", "Receipt by the consignee"),
    "unsigned": Word("未签署", "not signed"),
    # Places and times
    "place_of_receipt": Word("接收地", "Place of receipt"),
    "place_of_delivery": Word("交付地", "Place of delivery"),
    "ready": Word("货物备妥", "Ready"),
    "hand_over_by": Word("交运截止", "Hand over by"),
    "delivered": Word("计划交付", "Planned delivery"),
    "due": Word("约定期限", "Due date"),
    "late": Word("逾期", "Late"),
    "days": Word("天", "days"),
    "transit_time": Word("全程时间", "Time in transit"),
    "on_time": Word("按期", "on time"),
    "local_times": Word("时间均为当地时间，注明与UTC时差", "Times are local, with offset from UTC"),
    # Goods and boxes
    "goods": Word("货物", "Goods"),
    "description": Word("货物名称", "Description of goods"),
    "hs_code": Word("HS编码", "HS code"),
    "packages": Word("件数及包装", "Packages"),
    "gross_mass": Word("毛重", "Gross mass"),
    "value": Word("货物价值", "Value of goods"),
    "special": Word("特殊要求", "Special cargo"),
    "dangerous": Word("危险货物", "Dangerous goods"),
    "reefer": Word("温控", "Temperature controlled"),
    "none": Word("无", "none"),
    "containers": Word("集装箱", "Containers"),
    "container_number": Word("箱号", "Container No."),
    "size_type": Word("箱型", "Type"),
    "tare": Word("箱重", "Tare"),
    "goods_mass": Word("货重", "Goods"),
    "vgm": Word("总质量", "Gross"),
    "pieces": Word("件数", "Pkgs"),
    "seal": Word("封号", "Seal No."),
    "planned_number": Word("计划箱号", "planned number"),
    "boxes": Word("箱", "boxes"),
    "part": Word("批次", "Part"),
    # Route
    "route": Word("运输区段", "Legs"),
    "leg": Word("区段", "Leg"),
    "mode": Word("方式", "Mode"),
    "from": Word("起", "From"),
    "to": Word("讫", "To"),
    "carrier": Word("承运人及班次", "Carrier and departure"),
    "distance": Word("里程", "Distance"),
    "co2e": Word("碳排放", "CO₂e"),
    "regime": Word("责任制度及限额", "Liability regime and limit"),
    "closes": Word("截载", "closes"),
    "wait": Word("停留", "Wait"),
    "hours": Word("小时", "h"),
    "storage": Word("其中计费堆存", "of which paid storage"),
    "border": Word("国境", "Border"),
    "leaves": Word("离", "leaves"),
    "enters": Word("到", "enters"),
    "no_fixed_limit": Word("无固定限额", "no fixed limit"),
    "stage.pre": Word("前段", "pre-carriage"),
    "stage.main": Word("主段", "main carriage"),
    "stage.on": Word("后段", "on-carriage"),
    "mode.rail": Word("铁路", "Rail"),
    "mode.barge": Word("内河", "Inland water"),
    "mode.sea": Word("海运", "Sea"),
    "mode.air": Word("航空", "Air"),
    "mode.road": Word("公路", "Road"),
    "transfer.rail_water": Word("铁水换装", "rail–water transfer"),
    "transfer.water_water": Word("水水中转", "water–water transfer"),
    "transfer.rail_rail": Word("铁铁换装", "rail–rail transfer"),
    "transfer.air_rail": Word("空铁换装", "air–rail transfer"),
    "transfer.air_water": Word("空水换装", "air–water transfer"),
    "transfer.road": Word("公路短驳", "road shuttle"),
    "transfer.gauge_change": Word("轨距换装", "gauge change"),
    "transfer.border": Word("过境", "border crossing"),
    # Trucks
    "truck.collection": Word("上门提箱", "Collection by truck"),
    "truck.delivery": Word("送箱上门", "Delivery by truck"),
    "truck.takes.full": Word("提重箱", "takes full boxes"),
    "truck.leaves.full": Word("交重箱", "leaves full boxes"),
    "truck.takes.empty": Word("提空箱", "takes empty boxes"),
    "truck.leaves.empty": Word("送空箱", "leaves empty boxes"),
    # Customs
    "customs": Word("海关监管", "Customs"),
    "procedure.export": Word("出口报关", "export declaration"),
    "procedure.integrated": Word("通关一体化", "integrated clearance"),
    "procedure.transit": Word("转关/过境监管", "customs transit under seal"),
    "procedure.full": Word("单独申报", "full declaration"),
    "procedure.import": Word("进口报关", "import declaration"),
    "customs_mode.none": Word("无", "none"),
    "customs_mode.integrated": Word("通关一体化", "integrated clearance"),
    "customs_mode.transit": Word("转关/过境监管", "customs transit under seal"),
    "customs_mode.full": Word("单独申报", "full declaration"),
    # Charges
    "charges": Word("运费及费用", "Freight and charges"),
    "price": Word("全程运价", "Through price"),
    "shipper_cost": Word("货主时间成本(不计入运价)", "Shipper's time costs (not invoiced)"),
    "total": Word("合计", "Total"),
    "price.freight": Word("全程运费", "Through freight"),
    "price.customs": Word("海关手续费", "Customs formalities"),
    "price.drayage": Word("两端集卡短驳费", "Collection and delivery by truck"),
    "charge.fixed": Word("班列/班轮固定费用分摊", "Train and vessel fixed cost"),
    "charge.leg": Word("区段运费", "Carriage"),
    "charge.handling": Word("装卸费", "Terminal handling"),
    "charge.transfer": Word("换装及短驳费", "Transfers and shuttles"),
    "charge.drayage": Word("两端集卡短驳费", "Collection and delivery by truck"),
    "charge.border": Word("口岸换装费", "Borders and gauge change"),
    "charge.customs": Word("海关手续费", "Customs formalities"),
    "charge.storage": Word("堆存费", "Storage"),
    "charge.capital": Word("货物资金占用", "Capital tied up in goods"),
    "charge.lateness": Word("逾期减免", "Concession for lateness"),
    "charge.network": Word("固定班次空驶分摊", "Share of empty committed runs"),
    "charge.settlement": Word("平台间结算", "Settlement between owners"),
    # Liability
    "liability": Word("责任制度与责任限额", "Liability"),
    "through_carrier": Word("全程承运人(网状责任制)", "Through carrier (network liability)"),
    "sdr": Word("特别提款权", "SDR"),
    "limit_unknown_leg": Word("区段不明时限额", "Limit, leg not known"),
    "lowest_limit": Word("全程最低固定限额", "Lowest fixed limit on the way"),
    "value_sdr": Word("货物价值折特别提款权", "Value of goods in SDR"),
    "covered": Word("最低限额占货值", "Lowest limit over value"),
    "regime_name": Word("责任制度", "Regime"),
    "limit": Word("责任限额", "Limit of liability"),
    "delay": Word("迟延", "Delay"),
    "provision": Word("依据", "Provision"),
    "grade": Word("等级", "Grade"),
    "grades": Word(
        "S 有出处；M 出处较弱；G 一般知识", "S sourced; M weakly sourced; G general knowledge"
    ),
    "rate": Word("折算", "Rate"),
    # Consolidation, emissions, remarks
    "consolidation": Word("集结批次", "Consolidation"),
    "departure": Word("班次", "Departure"),
    "load_factor": Word("满载率", "Load factor"),
    "shared": Word("同班货主/票数", "Owners / shipments on board"),
    "emissions": Word("碳排放(ISO 14083)", "Emissions (ISO 14083)"),
    "intensity": Word("强度", "Intensity"),
    "notices": Word("声明与备注", "Declarations and remarks"),
    "instance_digest": Word("算例摘要", "Instance digest"),
    "plan_digest": Word("方案摘要", "Plan digest"),
    "bill_digest": Word("单证摘要", "Bill digest"),
    "book": Word("全程运单簿", "Book of through waybills"),
    "index": Word("目录", "Index"),
    "bills": Word("票", "bills"),
    # UNECE Recommendation 21
    "package.CT": Word("纸箱", "cartons"),
    "package.PX": Word("托盘", "pallets"),
    "package.BX": Word("箱", "boxes"),
    "package.CR": Word("板条箱", "crates"),
    "package.CS": Word("箱(案)", "cases"),
    "package.DR": Word("桶", "drums"),
    "package.BG": Word("袋", "bags"),
    "package.BE": Word("捆", "bundles"),
    "package.BL": Word("包", "bales"),
    "package.RO": Word("卷", "rolls"),
    "package.CL": Word("盘卷", "coils"),
    "package.PK": Word("件", "packages"),
    "package.PC": Word("包裹", "parcels"),
    "package.NE": Word("裸装", "unpacked"),
    "package.VN": Word("台(车辆)", "vehicles"),
    # ISO 6346
    "container.22G1": Word("20英尺通用箱", "20′ general purpose"),
    "container.22R1": Word("20英尺冷藏箱", "20′ refrigerated"),
    "container.42G1": Word("40英尺通用箱", "40′ general purpose"),
    "container.45G1": Word("40英尺高箱", "40′ high cube"),
    "container.45R1": Word("40英尺冷藏高箱", "40′ refrigerated high cube"),
}


def word(key: str) -> Word:
    """A label; raises KeyError for a key without one."""
    return WORDS[key]


def package_word(code: str) -> Word:
    """A kind of package by its UNECE Recommendation 21 code, or the code itself."""
    return WORDS.get(f"package.{code}", Word(code, code))
