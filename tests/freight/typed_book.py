"""A workbook of 25 shipments as a planner in Changsha types it: Chinese titles, words and dates."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from freight.io import read, write

STARTER = Path(str(files("freight.io") / "example"))
_HEADER = (
    "序号 订单号 平台 发货人 收货人 起运地 目的地 箱型 TEU 毛重（吨） 货值(元) 币种 HS编码 "
    "英文品名 中文品名 件数 包装 备货时间 交货期限 危险品 可拆分 来源 备注"
)
TITLES = _HEADER.split()
GOODS = (
    ("green tea", "绿茶", 902, "纸箱", None),
    ("laptops", "笔记本电脑", 847130, "CTN", None),
    ("lithium batteries", "锂电池", "8507.60", "托盘", 3480),
    ("excavator parts", "挖掘机配件", 842952, "木箱", "否"),
    ("furniture", "家具", "940360", "件", None),
)


def typed_book(path: Path) -> None:
    """The starter instance as a workbook with its shipments typed by hand."""
    write(read(STARTER), path)
    book = openpyxl.load_workbook(path)
    del book["shipments"]
    _type_shipments(book.create_sheet("订单"))
    _type_departures(book["departures"])
    _type_statement(book["instance"])
    book.create_sheet("说明")["A1"] = "此表由张三填写"
    book.save(path)


def _type_shipments(sheet: Worksheet) -> None:
    sheet.append(["2027年3月货量表"])
    sheet.append([])
    sheet.append(list(TITLES))
    for number in range(1, 26):
        sheet.append(_shipment(number))
    sheet.append(["合计", *[None] * 7, 50, 300, "￥25,000,000"])


def _shipment(number: int) -> list[object]:
    english, chinese, code, packing, dangerous = GOODS[number % 5]
    small = number % 5 == 2
    ready = (date(2027, 3, 2), "2027年3月2日", "2027/3/2 8:00", datetime(2027, 3, 2, 8))[number % 4]
    due = (date(2027, 4, 20), "2027年4月20日", "2027-04-20", "2027/4/20 18：00")[number % 4]
    return [
        number, f"CS{number:03}", "长沙" if number % 2 else "武汉平台", f"发货人{number}",
        f"Consignee {number}", "长沙" if number % 2 else "武汉吴家山", "杜伊斯堡",
        "20GP" if small else "40HQ", 2, "12.5" if number % 3 else 12, "￥1,000,000", "人民币",
        code, english, chinese, "1,200", packing, ready, due, dangerous,
        "是" if number % 2 else "Y", "假设", "客户要求尽快" if number == 7 else None,
    ]  # fmt: skip


def _type_departures(sheet: Worksheet) -> None:
    """The weekly trains as people say their days and times."""
    sheet["B2"], sheet["C2"] = "周三、周六", "10：00"
    sheet["B3"], sheet["C3"] = "Friday", "晚上8点"
    sheet["B4"] = "2、5"


def _type_statement(sheet: Worksheet) -> None:
    typed = {"horizon_end": date(2027, 3, 21), "capital_rate_per_year": "6%"}
    for key, value in sheet.iter_rows(min_col=1, max_col=2):
        if key.value in typed:
            value.value = typed[str(key.value)]
        if key.value == "unserved_cost_per_teu":
            value.value = "80,000"
