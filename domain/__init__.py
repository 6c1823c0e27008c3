"""The rules of the register, pure: no web, no database, no clock.

`model` holds the aggregates and their past-tense events, `policy` the rules as data, `desks` the
use cases, and `register` the application that owns the log. The glossary (English in code,
Chinese on screen):

studio 创新工作室 · call 申报批次 · category 类别 · dossier 申报材料 · recommending union 推荐单位 ·
unit union 所在单位工会 · public notice 公示 · naming 命名 · de-naming 取消命名 · grant 补助决定 ·
payment 拨付 · annual check 年度考核 · rectification 整改 · fund 补助资金
"""
