"""A consolidation study for the monthly meeting: one page that opens offline, and a workbook.

Both are made of the same tables (:mod:`freight.report.study.tables`), in English and Chinese.
Money stands apart from penalties for what is not planned, which nobody pays.
"""
