import Kernel
import Offer
import Web

/// The results on the map: a picture with numbered links that works without scripts, and in its place, where there
/// are scripts, a map that can be moved. The list beside it says the same.
struct MapDrawing {
    let answer: SearchAnswer
    let city: CityMap

    var html: HTML {
        let spots = answer.results.enumerated().compactMap { place, result in
            result.entry.address.point.flatMap(city.spot).map { (number: place + 1, result: result, spot: $0) }
        }
        let off = answer.results.count - spots.count
        let left: HTML? = off == 0 ? nil : " \(off == 1 ? "One is" : "\(off) are") off this map: see the list."
        let place: HTML? = answer.question.place.map {
            " data-place=\"\("\($0.point.latitude)"),\("\($0.point.longitude)")\""
        }
        return """
            <figure class="app-map">
            <div class="app-map__canvas app-js-only" data-map="/map/wards.json"\(place) role="region" \
            aria-label="Map of the results; the list below says the same"></div>
            <svg class="app-map--plain" viewBox="0 0 \(CityMap.width) \(city.height)" role="group" \
            aria-label="Map of the results; the list below says the same">
            <image href="/map/wards.svg" width="\(CityMap.width)" height="\(city.height)"/>
            \(here)\(spots.reversed().map { marker($0.number, $0.result.entry, $0.spot) })
            </svg>
            <figcaption>The city’s wards. Numbers are those of the list.\(left) Contains OS data © Crown copyright and \
            database right 2020 to 2024. Source: Office for National Statistics licensed under the Open Government \
            Licence v3.0.</figcaption>
            </figure>
            """
    }

    private var here: HTML? {
        answer.question.place.flatMap { place in
            city.spot(place.point).map { spot in
                """
                <circle cx="\(spot.x)" cy="\(spot.y)" r="18" fill="#a3180f" stroke="#fff" stroke-width="3">\
                <title>\(place.name)</title></circle>

                """
            }
        }
    }

    private func marker(_ number: Int, _ entry: Entry, _ spot: CityMap.Spot) -> HTML {
        """
        <a href="\(OfferLinks.entry(entry.id))" aria-label="\(number): \(entry.name)">\
        <circle cx="\(spot.x)" cy="\(spot.y)" r="25" fill="#0b4f5c" stroke="#fff" stroke-width="2"/>\
        <text x="\(spot.x)" y="\(spot.y + 6)" text-anchor="middle" aria-hidden="true" \
        font-size="17">\(number)</text></a>

        """
    }
}
